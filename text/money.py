"""Sums of money a message names: 5 мың теңге, 150 000 тг, полтора миллиона, штраф 73600."""

from __future__ import annotations

from collections.abc import Sequence

from text.numbers import Number, read_number
from text.tokens import Mention, Token, is_one_of, keyed, starts_like, tokens

_CURRENCY = keyed("тг тнг kzt tg tng")
_CURRENCY_STEMS = ("тенге", "тенг", "tenge", "teng")
_SIGN = "₸"
_SPOKEN_OF = (
    "төле айыппұл ақша ақы жалақы зейнетақы жәрдемақы қарыз несие баға сұрай сұрап аудар ұста "
    "штраф заплат оплат плат сумм зарплат пенси пособ долг кредит цена стои перевел взял взим аренд чек счет тариф начисл верну "
    "отдал снял должны"
)  # fmt: skip
_MONEY_STEMS = tuple(sorted({stem for word in _SPOKEN_OF.split() for stem in keyed(word)}))
_PAID = tuple(sorted(keyed("төле айыппұл штраф заплат оплат сумм перевел верну начисл")))
_NEAR = 4
# What thousands are counted of when they are not money; also what makes a plain number no sum.
_COUNTED = (
    "адам кісі тұрғын жұмысшы үй пәтер шақырым километр км метр гектар га бас қой тонн литр дана рет жыл күн ай апта сағат градус пайыз "
    "человек чел жител люд дом квартир раз штук голов дерев учен дет лет год месяц дн час сотк кв процент доллар доллар руб евро"
)
_COUNTED_STEMS = tuple(sorted({stem for word in _COUNTED.split() for stem in keyed(word)}))
_LEAST_PLAIN = 500


def find_money(text: str, words: Sequence[Token] | None = None) -> list[Mention]:
    """Sums in order; the value is whole tenge. Without a currency a sum needs a large number and talk of paying."""
    words = tokens(text) if words is None else words
    found: list[Mention] = []
    at = 0
    while at < len(words):
        number = read_number(text, words, at)
        if number is None or number.ordinal:
            at += 1
            continue
        end = _end(text, words, at, number)
        if end:
            value = str(int(number.value + (1 if number.value % 1 >= 1 / 2 else 0)))
            found.append(Mention("money", words[at].start, end, value))
        at = number.end
    return found


def _end(text: str, words: Sequence[Token], at: int, number: Number) -> int:
    """Where the sum ends in the text; 0 when the number is no sum."""
    behind = words[number.end - 1].end
    following = text[behind : behind + 2].lstrip()
    if following.startswith(_SIGN):
        return text.index(_SIGN, behind) + 1
    after = words[number.end] if number.end < len(words) else None
    beside = after is not None and not text[behind : after.start].strip(" \u00a0.-")
    if after is not None and beside:
        if is_one_of(after, _CURRENCY) or starts_like(after, _CURRENCY_STEMS):
            return after.end
        if starts_like(after, _COUNTED_STEMS):
            return 0
    if number.large and (number.value >= 1_000_000 or _is_near(words, at, number.end, _MONEY_STEMS, _NEAR)):
        return behind
    plain = (
        not number.in_words
        and not number.large
        and number.value >= _LEAST_PLAIN
        and text[words[at].start] != "0"
    )
    sole = text[words[at].start - 1 : words[at].start] in ("", " ") and following[:1] not in set("/-.:")
    year = len(words[at].folded) == 4 and words[at].folded[:2] in ("19", "20")
    return behind if plain and sole and not year and _is_near(words, at, number.end, _PAID, 1) else 0


def _is_near(words: Sequence[Token], first: int, end: int, stems: tuple[str, ...], distance: int) -> bool:
    around = [*words[max(first - distance, 0) : first], *words[end : end + distance]]
    return any(starts_like(word, stems) for word in around)
