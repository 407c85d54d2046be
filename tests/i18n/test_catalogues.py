"""Both catalogues say everything the code names, with the same placeholders, in real letters."""

from __future__ import annotations

import ast
import string
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from appeals.appeal import REPRESENTED, Capacity
from appeals.identifiers import BinProblem, IinProblem
from bot.i18n import FOLDER, MissingText
from dialogs import forms
from dialogs.effects import DataCategory
from dialogs.emergency import NUMBERS
from dialogs.events import NotTaken
from dialogs.messages import msg, nmsg
from dialogs.scenarios.form_cards import DAYS_AGO, OF_CAPACITY
from dialogs.scenarios.smalltalk import VARIANTS
from tests.factories import renderer
from text.bilingual import LOCALES

ROOT = FOLDER.parent
CAPACITIES = tuple(capacity.value for capacity in Capacity)
FILE_REASONS = tuple(
    "active archive broken count day empty heic huge locked old_office size type unavailable".split()
)
FAMILIES = {
    "carry.left_{}": ("telegram", "web"),
    "carry.not_{}": tuple(why.value for why in NotTaken),
    "data.part_{}": tuple(part.value for part in DataCategory),
    "emergency.{}": tuple(NUMBERS),
    "button.days_ago_{}": tuple(map(str, DAYS_AGO)),
    "button.no_{}": ("harm", "iin", "bin", "people"),
    "capacity.{}": CAPACITIES,
    "field.{}": tuple(set(forms.BY_NAME) - {"consent", "applicant", "settlement"}),
    "fix.{}": ("address", "files", "place", "postal_address", "text"),
    "form.ask_{}": tuple(set(forms.BY_NAME) - {"consent"} - OF_CAPACITY),
    "form.ask_applicant_{}": CAPACITIES,
    "form.ask_representative_{}": tuple(capacity.value for capacity in REPRESENTED),
    "form.bin_{}": get_args(BinProblem),
    "form.want_{}": forms.APPLICANT_FIELDS,
    "preview.applicant_{}": CAPACITIES,
    "form.iin_{}": get_args(IinProblem),
    "input.file_{}": FILE_REASONS,
    "smalltalk.{}": tuple(f"{verb}_{n + 1}" for verb, count in VARIANTS.items() for n in range(count)),
    "menu.{}": ("questions", "category", "topics", "group"),
}
"""Keys that are put together at run time: pattern and all that may fill it."""


def catalogue(locale: str) -> Catalog:
    with (FOLDER / locale / "LC_MESSAGES" / "komekshi.po").open("rb") as file:
        return read_po(file, locale=locale)


def named_in_code() -> set[str]:
    keys = {pattern.format(name) for pattern, names in FAMILIES.items() for name in names}
    for path in [*(ROOT / "dialogs").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("msg", "nmsg")
            ):
                keys |= set(_literals(node.args[0]))
    return keys - {"plain"}


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return []


def entries(locale: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for message in catalogue(locale):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_has_words_and_no_words_are_left_over(locale: str) -> None:
    assert set(entries(locale)) == named_in_code()
    assert not [key for key, forms_ in entries(locale).items() if not all(form.strip() for form in forms_)]
    assert not [message.id for message in catalogue(locale) if message.fuzzy and message.id]


def test_both_languages_have_the_same_placeholders() -> None:
    kazakh, russian = entries("kk"), entries("ru")
    for key, kazakh_forms in kazakh.items():
        names = {frozenset(_placeholders(form)) for form in (*kazakh_forms, *russian[key])}
        assert len(names) == 1, key


def test_kazakh_has_two_plural_forms_and_russian_three() -> None:
    assert {len(forms_) for forms_ in entries("kk").values()} == {1, 2}
    assert {len(forms_) for forms_ in entries("ru").values()} == {1, 3}
    shown = [renderer().text(nmsg("form.file_taken", count), "ru") for count in (1, 2, 5, 11, 21)]
    assert [text.rpartition(" ")[2] for text in shown] == ["файл.", "файла.", "файлов.", "файлов.", "файл."]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_mixes_scripts_or_hides_characters(locale: str) -> None:
    latin, cyrillic = set(string.ascii_letters), {chr(code) for code in range(0x400, 0x530)}
    for key, forms_ in entries(locale).items():
        for form in forms_:
            assert not set(form) & set("\u00ad\u200b\u200c\u200d\ufeff"), key
            for word in form.replace("-", " ").replace("\n", " ").split():
                assert not (set(word) & latin and set(word) & cyrillic), (key, word)


def test_a_key_without_words_is_an_error_not_a_shown_key() -> None:
    with pytest.raises(MissingText):
        renderer().text(msg("no.such.key"), "kk")


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_folders_are_where_the_test_looks() -> None:
    assert (ROOT / "dialogs" / "engine.py").exists()
    assert Path(FOLDER).is_dir()
