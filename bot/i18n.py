"""Words for named texts: Babel catalogues, compiled in memory at start; dates and plurals as each language writes them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from gettext import GNUTranslations
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from appeals.calendar import ALMATY
from bot.app.records import Rendered, ShownButton
from dialogs.messages import Msg
from dialogs.replies import Say
from text.bilingual import LOCALES, Bilingual, Locale

FOLDER = Path(__file__).parent.parent / "locales"
DATE = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'"}
MOMENT = {"kk": "y 'жылғы' d MMMM, HH:mm", "ru": "d MMMM y 'года', HH:mm"}


class MissingText(KeyError):
    """A key has no words in a language; the catalogue test finds it before a citizen does."""


def load_catalogues(folder: Path = FOLDER) -> Mapping[Locale, GNUTranslations]:
    """Both catalogues. A missing file stops the start."""
    found = {}
    for locale in LOCALES:
        with (folder / locale / "LC_MESSAGES" / "komekshi.po").open("rb") as file:
            catalogue = read_po(file, locale=locale)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found[locale] = GNUTranslations(compiled)
    return found


class CatalogueRenderer:
    """Renders replies from the catalogues."""

    def __init__(self, catalogues: Mapping[Locale, GNUTranslations]) -> None:
        self._catalogues = catalogues

    def text(self, named: Msg, locale: Locale) -> str:
        """A named text in words. Raises MissingText."""
        if named.key == "plain":
            return self._shown(named.params["text"], locale)
        catalogue = self._catalogues[locale]
        pattern = (
            catalogue.gettext(named.key)
            if named.count is None
            else catalogue.ngettext(named.key, named.key, named.count)
        )
        if pattern == named.key:
            raise MissingText(f"{locale}: {named.key}")
        return pattern.format(**{name: self._shown(value, locale) for name, value in named.params.items()})

    def render(self, reply: Say, locale: Locale) -> Rendered:
        """The reply in one language, or in both, the state language first."""
        locales: tuple[Locale, ...] = LOCALES if reply.bilingual else (locale,)
        text = "\n\n———\n\n".join(
            "\n\n".join(self.text(part, code) for part in reply.paragraphs) for code in locales
        )
        buttons = tuple(
            ShownButton(
                " · ".join(dict.fromkeys(self.text(button.label, code) for code in locales)),
                button.action,
                button.arg,
            )
            for button in reply.buttons
        )
        return Rendered(text, buttons, reply.ask.value, reply.tone.value, reply.replaces)

    def _shown(self, value: object, locale: Locale) -> str:
        match value:
            case Msg():
                return self.text(value, locale)
            case Bilingual():
                return value.of(locale)
            case datetime():
                return format_datetime(value.astimezone(ALMATY), MOMENT[locale], locale=locale)
            case date():
                return format_date(value, DATE[locale], locale=locale)
            case tuple():
                return "\n".join(self._shown(part, locale) for part in value)
            case _:
                return str(value)
