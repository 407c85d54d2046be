"""Every word shown to a citizen exists in Kazakh and in Russian: neither can be given without the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Locale = Literal["kk", "ru"]
LOCALES: tuple[Locale, ...] = ("kk", "ru")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages. An empty side is refused with ValueError."""

    kk: str
    ru: str

    def __post_init__(self) -> None:
        if not self.kk.strip() or not self.ru.strip():
            raise ValueError(f"both languages are needed: kk={self.kk!r}, ru={self.ru!r}")

    def of(self, locale: Locale) -> str:
        """The text in the given language; KeyError for a language that is neither kk nor ru."""
        if locale == "kk":
            return self.kk
        if locale == "ru":
            return self.ru
        raise KeyError(locale)
