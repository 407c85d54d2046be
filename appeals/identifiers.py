"""ИИН, БИН and telephone numbers: checked before they are stored, and hidden before they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

IinProblem = Literal["length", "date", "future", "century", "checksum"]
BinProblem = Literal["length", "date", "type", "checksum"]

_LENGTH = 12
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
_FOREIGNER = 0
_BIN_TYPES = "456"
# Kazakhstan's zones of +7 are 6xx and 7xx; all numbers in use begin with 7 or 6.
_PHONE = re.compile(r"7[67][0-9]{9}")
# In a text: a trunk code, a zone of three to five digits, and the rest in any groups; `normalise_phone` counts them.
_PHONE_IN_TEXT = re.compile(
    r"(?<![\d+])\+?(?:[78][ \u00a0(-]{0,2})?\(?[67]\d{2,4}\)?(?:[ \u00a0.-]{0,2}\d){5,7}(?!\d)"
)


@dataclass(frozen=True, slots=True)
class IinCheck:
    """Result of `check_iin`. `value`: the 12 digits, given only when `ok`. `birth`: None for "foreigner"."""

    ok: bool
    value: str | None = None
    problem: IinProblem | None = None
    warning: Literal["foreigner"] | None = None
    birth: date | None = None


@dataclass(frozen=True, slots=True)
class BinCheck:
    """Result of `check_bin`. `value`: the 12 digits, given only when `ok`."""

    ok: bool
    value: str | None = None
    problem: BinProblem | None = None


def check_iin(s: str, today: date) -> IinCheck:
    """Check an individual's number as typed; blanks, hyphens and unseen characters are ignored, letters not.

    "length" stands for anything but 12 digits, letters among them too. A 7th digit 0 is accepted with a
    warning: some foreigners have it, and it does not tell the century.
    """
    digits = _typed_digits(s)
    if digits is None:
        return IinCheck(False, problem="length")
    century = int(digits[6])
    if century != _FOREIGNER and century not in _CENTURIES:
        return IinCheck(False, problem="century")
    birth = _birth(digits, century)
    if birth is None:
        return IinCheck(False, problem="date")
    if century != _FOREIGNER and birth > today:
        return IinCheck(False, problem="future")
    if not _control_digit_holds(digits):
        return IinCheck(False, problem="checksum")
    if century == _FOREIGNER:
        return IinCheck(True, digits, warning="foreigner")
    return IinCheck(True, digits, birth=birth)


def check_bin(s: str) -> BinCheck:
    """Check an organisation's number as typed: year and month, type (5th digit 4–6) and control digit."""
    digits = _typed_digits(s)
    if digits is None:
        return BinCheck(False, problem="length")
    if digits[4] not in _BIN_TYPES:
        return BinCheck(False, problem="type")
    if not 1 <= int(digits[2:4]) <= 12:
        return BinCheck(False, problem="date")
    if not _control_digit_holds(digits):
        return BinCheck(False, problem="checksum")
    return BinCheck(True, digits)


def normalise_phone(s: str) -> str | None:
    """A number of Kazakhstan as "+77XXXXXXXXX" (also +76), or None; 8 and +7 forms, any separators."""
    digits = "".join(str(unicodedata.decimal(ch)) for ch in s if ch.isdecimal())
    if len(digits) == 11 and digits[0] == "8":
        digits = "7" + digits[1:]
    elif len(digits) == 10:
        digits = "7" + digits
    return "+" + digits if _PHONE.fullmatch(digits) else None


def find_phones(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, normal form) of every number of Kazakhstan a text holds."""
    for found in _PHONE_IN_TEXT.finditer(text):
        if number := normalise_phone(found.group()):
            yield found.start(), found.end(), number


def mask_iin(iin: str) -> str:
    """The last six digits only, so the birth date stays hidden; anything but 12 digits is hidden whole."""
    digits = _typed_digits(iin)
    return "******" + digits[6:] if digits else "************"


def mask_phone(phone: str) -> str:
    """The last two digits only: "+7 *** *** ** 67"; what is no number of Kazakhstan is hidden whole."""
    number = normalise_phone(phone)
    return f"+7 *** *** ** {number[-2:]}" if number else "+7 *** *** ** **"


def _typed_digits(s: str) -> str | None:
    digits: list[str] = []
    for ch in s:
        if ch.isdecimal():
            digits.append(str(unicodedata.decimal(ch)))
        elif not (ch.isspace() or unicodedata.category(ch) in ("Pd", "Cf")):
            return None
    return "".join(digits) if len(digits) == _LENGTH else None


def _birth(digits: str, century: int) -> date | None:
    # A number without a century is read as of 2000–2099: the leap years of both centuries are the same but
    # 1900.
    year = _CENTURIES.get(century, 2000) + int(digits[:2])
    try:
        return date(year, int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def _control_digit_holds(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    for weights in _WEIGHTS:
        control = sum(number * weight for number, weight in zip(numbers, weights, strict=False)) % 11
        if control != 10:
            return control == numbers[11]
    return False
