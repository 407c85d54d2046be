"""Our own number of an appeal, and the secret that opens it: the number can be guessed, the secret cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "KM"
SECRET_LENGTH = 10
# Without 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: read from paper and typed on a telephone without doubt.
SECRET_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"  # noqa: S105 - the letters, not a secret
_ENTROPY_BYTES = 16
_NUMBERS_A_YEAR = 1_000_000_000
_STANDARD = re.compile(rf"{PREFIX}-(\d{{4}})-(\d{{6,9}})")

_DASHES = "-‐‑‒–—−_/"
# With a dash anything after the year is the number; without one only six digits and more are, for "км" is
# also a kilometre.
_WITH_DASHES = re.compile(
    rf"(?<![^\W_])[KkКк]\s?[MmМм]\s?[{_DASHES}]?\s?(20\d\d)\s?[{_DASHES}]\s?(\d{{1,9}})(?!\d)"
)
_WITHOUT_DASHES = re.compile(rf"(?<![^\W_])[KkКк]\s?[MmМм]\s?[{_DASHES}]?\s?(20\d\d)\s?(\d{{6,9}})(?!\d)")
_CYRILLIC_LOOKALIKES = str.maketrans("АСЕНКМРТХУЅ", "ACEHKMPTXYS")


@dataclass(frozen=True, slots=True)
class Reference:
    """Number `number` (from 1) of year `year`, written "KM-2026-000123"."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 2000 <= self.year <= 2099 or not 1 <= self.number <= 999_999_999:
            raise ValueError(f"no reference: year {self.year}, number {self.number}")

    def __str__(self) -> str:
        return f"{PREFIX}-{self.year}-{self.number:06d}"

    @property
    def ordinal(self) -> int:
        """One number that orders references by year, then number; never the same for two."""
        return self.year * _NUMBERS_A_YEAR + self.number

    @staticmethod
    def parse(text: str) -> Reference:
        """The inverse of `str`. ValueError for any other writing."""
        found = _STANDARD.fullmatch(text)
        if found is None:
            raise ValueError(f"no reference: {text}")
        return Reference(int(found[1]), int(found[2]))

    @staticmethod
    def format(year: int, number: int) -> str:
        """The number as the citizen sees it; ValueError outside 2000–2099 or below 1."""
        return str(Reference(year, number))


def find_reference(text: str) -> str | None:
    """The first reference named in `text`, in its standard writing.

    Small letters, Cyrillic КМ, blanks for dashes and left-out zeros are understood.
    """
    found = [match for pattern in (_WITH_DASHES, _WITHOUT_DASHES) for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        year, number = int(match[1]), int(match[2])
        if number:
            return Reference.format(year, number)
    return None


def new_secret(random_bytes: bytes) -> str:
    """A secret of 10 characters made from at least 16 random bytes (ValueError for fewer)."""
    if len(random_bytes) < _ENTROPY_BYTES:
        raise ValueError(f"a secret needs at least {_ENTROPY_BYTES} random bytes")
    number = int.from_bytes(random_bytes, "big")
    letters: list[str] = []
    for _ in range(SECRET_LENGTH):
        number, index = divmod(number, len(SECRET_ALPHABET))
        letters.append(SECRET_ALPHABET[index])
    return "".join(letters)


def normalise_secret(typed: str) -> str | None:
    """The secret as `new_secret` made it, or None; blanks, dashes, small and Cyrillic letters are fine."""
    letters = "".join(ch for ch in typed.upper() if not ch.isspace() and ch not in _DASHES)
    latin = letters.translate(_CYRILLIC_LOOKALIKES)
    if len(latin) != SECRET_LENGTH or any(letter not in SECRET_ALPHABET for letter in latin):
        return None
    return latin
