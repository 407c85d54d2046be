"""The console's own words, dates and plurals in the language of the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from appeals.calendar import ALMATY
from bot.console.catalogue import COUNTED, TEXTS
from text.bilingual import LOCALES, Bilingual, Locale

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Words:
    """Speaks one language. Everything shown goes through here; a key without words is a KeyError."""

    locale: Locale

    def __call__(self, key: str, **params: object) -> str:
        """A text of the catalogue."""
        text = TEXTS[key].of(self.locale)
        return text.format(**params) if params else text

    def known(self, key: str, fallback: str) -> str:
        """A text for a value from storage, or `fallback` for one this version has no word for."""
        return TEXTS[key].of(self.locale) if key in TEXTS else fallback

    def of(self, text: Bilingual) -> str:
        """A text of the domain."""
        return text.of(self.locale)

    def count(self, key: str, number: int) -> str:
        """«1 рабочий день», «2 рабочих дня», «5 рабочих дней»; in Kazakh the noun does not change."""
        return COUNTED[key][self.locale][_form(self.locale, number)].format(n=number)

    def day(self, day: date) -> str:
        """22.11.2026, as both languages write it."""
        return f"{day:%d.%m.%Y}"

    def long_day(self, day: date) -> str:
        """22.11.2026, жексенбі: what matters of a moved day is its weekday."""
        return f"{self.day(day)}, {self(f'weekday.{day.weekday()}')}"

    def moment(self, at: datetime) -> str:
        """22.11.2026, 14:05 in Kazakhstan."""
        return f"{at.astimezone(ALMATY):%d.%m.%Y, %H:%M}"

    def clock(self, at: datetime, now: datetime) -> str:
        """14:05 today, 22.11, 14:05 on another day."""
        local = at.astimezone(ALMATY)
        return f"{local:%H:%M}" if local.date() == now.astimezone(ALMATY).date() else f"{local:%d.%m, %H:%M}"

    def lasting(self, seconds: float) -> str:
        """How long something takes or has taken, in its largest unit."""
        if seconds < MINUTE:
            return self("live.less")
        if seconds < HOUR:
            return self("live.minutes", n=int(seconds // MINUTE))
        if seconds < DAY:
            return self("live.hours", n=int(seconds // HOUR))
        return self("live.days", n=int(seconds // DAY))

    def texts(self, prefix: str) -> Mapping[str, str]:
        """All texts whose keys begin so, for the scripts of a page."""
        return {
            key.removeprefix(prefix): text.of(self.locale)
            for key, text in TEXTS.items()
            if key.startswith(prefix)
        }


ALL: Mapping[Locale, Words] = {locale: Words(locale) for locale in LOCALES}


def _form(locale: Locale, number: int) -> int:
    """Index of the plural form: Kazakh has one after a number, Russian three."""
    if locale == "kk":
        return 0
    tens, ones = number % 100, number % 10
    if ones == 1 and tens != 11:
        return 0
    return 1 if 2 <= ones <= 4 and not 12 <= tens <= 14 else 2
