"""Sums that change every year: answers name them, one dated table holds them, and no answer tells an old one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from text.bilingual import LOCALES, Bilingual, Locale

PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_]+)(?:\*(?P<times>\d+(?:\.\d+)?))?\}")
_BRACE = re.compile(r"[{}]")
_TENGE = Bilingual("теңге", "тенге")
_AS_OF = Bilingual(
    "Сомалар {year} жылға көрсетілген. Негізі: {act}.", "Суммы указаны на {year} год. Основание: {act}."
)
_UNKNOWN = Bilingual(
    "Мөлшерлер жыл сайын қаңтарда өзгереді. Биылғы сомаларды egov.kz порталынан немесе 1414 нөмірінен нақтылаңыз.",
    "Размеры меняются каждый январь. Суммы этого года уточните на egov.kz или по номеру 1414.",
)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in tenge, valid from `since` to `until`, both days included, by `act`."""

    name: str
    tenge: int
    since: date
    until: date
    act: Bilingual


class Sums:
    """The dated table."""

    def __init__(self, sums: Iterable[Sum] = ()) -> None:
        self._sums = tuple(sums)

    def problems(self) -> Iterator[str]:
        """What is wrong with the table itself: nothing, hopefully."""
        for position, one in enumerate(self._sums):
            if one.tenge <= 0 or one.since > one.until:
                yield f"{one.name} of {one.since}: a positive sum and a span of time are expected"
            for other in self._sums[:position]:
                if one.name == other.name and one.since <= other.until and other.since <= one.until:
                    yield f"{one.name}: two sums for one day, {max(one.since, other.since)}"

    def problems_of(self, text: str) -> Iterator[str]:
        """Names in `text` that no table knows, and braces that name nothing."""
        known = {one.name for one in self._sums}
        yield from (
            f"unknown sum {{{m['name']}}}" for m in PLACEHOLDER.finditer(text) if m["name"] not in known
        )
        if _BRACE.search(PLACEHOLDER.sub("", text)):
            yield "a brace that names no sum"

    def fill(self, text: Bilingual, day: date) -> Bilingual:
        """The text with the sums of `day`; a paragraph whose sum is not known for it points to the source instead."""
        return Bilingual(*(self._filled(text.of(locale), locale, day) for locale in LOCALES))

    def _filled(self, text: str, locale: Locale, day: date) -> str:
        if PLACEHOLDER.search(text) is None:
            return text
        valid = {one.name: one for one in self._sums if one.since <= day <= one.until}
        used: dict[str, Sum] = {}

        def amount(found: re.Match[str]) -> str:
            one = used[found["name"]] = valid[found["name"]]
            tenge = (one.tenge * Decimal(found["times"] or 1)).quantize(Decimal(1), ROUND_HALF_UP)
            return f"{tenge:,}".replace(",", "\N{NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}" + _TENGE.of(locale)

        paragraphs: list[str] = []
        for paragraph in text.split("\n\n"):
            named = {found["name"] for found in PLACEHOLDER.finditer(paragraph)}
            if named <= valid.keys():
                paragraphs.append(PLACEHOLDER.sub(amount, paragraph))
            elif _UNKNOWN.of(locale) not in paragraphs:
                paragraphs.append(_UNKNOWN.of(locale))
        acts = dict.fromkeys(one.act.of(locale) for one in used.values())
        if acts:
            paragraphs.append(_AS_OF.of(locale).format(year=day.year, act="; ".join(acts)))
        return "\n\n".join(paragraphs)
