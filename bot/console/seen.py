"""What an operator had before their eyes when they filled in a form: nobody decides by what has changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.desk import Dossier
from bot.app.errors import StaleState

FIELD = "seen"


@dataclass(frozen=True, slots=True)
class Seen:
    """The version of an appeal, and how many steps its history had; written as «version.steps» in a form."""

    version: int
    steps: int

    @classmethod
    def of(cls, dossier: Dossier) -> Seen:
        """An appeal as it is shown now."""
        return cls(dossier.appeal.version, len(dossier.steps))

    @classmethod
    def parse(cls, written: str) -> Seen:
        """Raises StaleState for a form that does not say what it was filled in by."""
        version, _, steps = written.partition(".")
        return cls(version_of(version), version_of(steps))

    def __str__(self) -> str:
        return f"{self.version}.{self.steps}"


def version_of(written: str) -> int:
    """A number as a form holds it. Raises StaleState for what is none."""
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise StaleState("the form does not say what it was filled in by")
    return int(written)
