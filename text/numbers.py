"""Numbers as citizens write them: 15, 150 000, 1,5 млн, екі жүз елу мың, полтора миллиона, үшінші."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from text.letters import skeleton
from text.tokens import CASES, Token, is_one_of, keyed, look_up, with_suffixes

_CARDINALS: Mapping[int, str] = {
    1: "бір один одна одну одного одной", 2: "екі два две двух двое пару", 3: "үш три трех трое",
    4: "төрт четыре четырех четверо", 5: "бес пять пяти", 6: "алты шесть шести", 7: "жеті семь семи",
    8: "сегіз восемь восьми", 9: "тоғыз девять девяти", 10: "он десять десяти", 11: "одиннадцать одиннадцати",
    12: "двенадцать двенадцати", 13: "тринадцать тринадцати", 14: "четырнадцать четырнадцати",
    15: "пятнадцать пятнадцати", 16: "шестнадцать шестнадцати", 17: "семнадцать семнадцати",
    18: "восемнадцать восемнадцати", 19: "девятнадцать девятнадцати", 20: "жиырма двадцать двадцати",
    30: "отыз тридцать тридцати", 40: "қырық сорок сорока", 50: "елу пятьдесят пятидесяти",
    60: "алпыс шестьдесят шестидесяти", 70: "жетпіс семьдесят", 80: "сексен восемьдесят", 90: "тоқсан девяносто",
    100: "сто ста", 200: "двести двухсот", 300: "триста", 400: "четыреста", 500: "пятьсот", 600: "шестьсот",
    700: "семьсот", 800: "восемьсот", 900: "девятьсот",
}  # fmt: skip
_ORDINALS: Mapping[int, str] = {
    2: "екінші второй вторую вторая вторые", 3: "үшінші третий третью третья третьи", 4: "төртінші четвертый четвертую четвертая четвертые",
    5: "бесінші пятый пятую пятая пятые", 6: "алтыншы шестой шестую шестая шестые", 7: "жетінші седьмой седьмую седьмая седьмые",
    8: "сегізінші восьмой восьмую", 9: "тоғызыншы девятый девятую", 10: "оныншы десятый десятую", 12: "двенадцатый",
    15: "пятнадцатый", 20: "жиырмасыншы двадцатый", 30: "отызыншы тридцатый",
}  # fmt: skip
_THOUSAND = with_suffixes("мың", [*CASES, "дай"]) | keyed("тысяч тысячи тысячу тысяча тыс тыщ тыщи тыщу")
_MILLION = with_suffixes("миллион", [*CASES, "а", "ов"]) | keyed("млн лям ляма лямов")
_BILLION = with_suffixes("миллиард", [*CASES, "а", "ов"]) | keyed("млрд")


def _by_key(words: Mapping[int, str]) -> dict[str, int]:
    return {skeleton(word): number for number, listed in words.items() for word in listed.split()}


CARDINALS = _by_key(_CARDINALS)
ORDINALS = _by_key(_ORDINALS)
MULTIPLIERS = {
    **dict.fromkeys(_THOUSAND, 1_000), **dict.fromkeys(_MILLION, 1_000_000), **dict.fromkeys(_BILLION, 10**9)
}  # fmt: skip
_HUNDRED = keyed("жүз")
_HALF_MORE = keyed("жарым")
_ONE_AND_A_HALF = keyed("полтора полторы")
_AFTER_DIGITS = {"к": 1_000, "k": 1_000}
# Most words stop here: no number begins with them.
_OPENINGS = frozenset({*CARDINALS, *MULTIPLIERS}) | _HUNDRED | _ONE_AND_A_HALF
ORDINAL_ENDINGS = keyed("й ый ий ой я ю ую е ый ши шы інші ншы")
_BLANKS = frozenset({" ", "\u00a0", "\u202f", "."})
_LONGEST_DIGITS = 12


class Number(NamedTuple):
    """A number read from token `first`: tokens up to `end` (behind the last) are its own."""

    value: Fraction
    end: int
    in_words: bool = False
    large: bool = False
    ordinal: bool = False
    """`large`: a word for thousand or more is in it."""


def read_number(text: str, tokens: Sequence[Token], at: int) -> Number | None:
    """The number that begins at token `at`; None when none does. «2-3» is the greater of the two."""
    token = tokens[at]
    if token.is_number:
        return _from_digits(text, tokens, at)
    ordinal = look_up(token, ORDINALS)
    if ordinal is not None:
        return Number(Fraction(ordinal), at + 1, in_words=True, ordinal=True)
    return _from_words(text, tokens, at) if is_one_of(token, _OPENINGS) else None


def _gap(text: str, tokens: Sequence[Token], at: int) -> str | None:
    """What stands before token `at`; None past the end."""
    return text[tokens[at - 1].end : tokens[at].start] if at < len(tokens) else None


def _from_digits(text: str, tokens: Sequence[Token], at: int) -> Number | None:
    digits, end = tokens[at].folded, at + 1
    if len(digits) > _LONGEST_DIGITS:
        return None
    grouped = digits
    while (
        len(digits) <= 3
        and _gap(text, tokens, end) in _BLANKS
        and tokens[end].is_number
        and len(tokens[end].folded) == 3
        and len(grouped) <= _LONGEST_DIGITS
    ):
        grouped += tokens[end].folded
        end += 1
    value = Fraction(int(grouped))
    gap = _gap(text, tokens, end)
    if grouped == digits and gap in {",", "."} and tokens[end].is_number and len(tokens[end].folded) <= 2:
        value += Fraction(int(tokens[end].folded), 10 ** len(tokens[end].folded))
        end += 1
    elif gap in {"-", "–", "—"} and tokens[end].is_number and len(tokens[end].folded) <= 3:
        value = max(value, Fraction(int(tokens[end].folded)))
        end += 1
    elif gap in {"-", ""} and is_one_of(tokens[end], ORDINAL_ENDINGS):
        return Number(value, end + 1, ordinal=True)
    value, end = _half_more(tokens, value, end)
    short = look_up(tokens[end], _AFTER_DIGITS) if _gap(text, tokens, end) == "" else None
    if short:
        return Number(value * short, end + 1, large=True)
    gap = _gap(text, tokens, end)
    times = look_up(tokens[end], MULTIPLIERS) if gap is not None and not gap.strip(" \u00a0.-") else None
    if times:
        return Number(value * times, end + 1, large=True)
    return Number(value, end)


def _from_words(text: str, tokens: Sequence[Token], at: int) -> Number | None:
    total, part, end, large = Fraction(0), Fraction(0), at, False
    while (
        end < len(tokens) and end - at < 12 and (end == at or not (_gap(text, tokens, end) or "").strip(" -"))
    ):
        token = tokens[end]
        known = look_up(token, CARDINALS)
        times = look_up(token, MULTIPLIERS)
        if is_one_of(token, _ONE_AND_A_HALF) and not part:
            part = Fraction(3, 2)
        elif known is not None and (not part or known < _last_place(part)):
            part += known
        elif is_one_of(token, _HUNDRED) and 0 <= part < 10:
            part = max(part, Fraction(1)) * 100
        elif times and (part or not total) and end > at:
            total, part, large = total + part * times, Fraction(0), True
        elif times and end == at:
            total = Fraction(times)
        else:
            break
        end += 1
        part, end = _half_more(tokens, part, end)
    value = total + part
    return Number(value, end, in_words=True, large=large) if end > at and value else None


def _last_place(part: Fraction) -> int:
    """The place a further word may fill: after «двадцать» (20) less than 10."""
    whole = int(part)
    return next((place for place in (100, 10) if whole % place == 0), 1)


def _half_more(tokens: Sequence[Token], value: Fraction, end: int) -> tuple[Fraction, int]:
    """«бір жарым», «три с половиной»."""
    if value and end < len(tokens) and is_one_of(tokens[end], _HALF_MORE):
        return value + Fraction(1, 2), end + 1
    if (
        value
        and end + 1 < len(tokens)
        and tokens[end].folded == "с"
        and tokens[end + 1].folded == "половиной"
    ):
        return value + Fraction(1, 2), end + 2
    return value, end
