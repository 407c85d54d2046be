"""Abbreviations citizens use in either language for one and the same thing, so that both teach the same feature."""

from __future__ import annotations

from text.letters import fold

_PAIRS = (
    "эцп эцқ",
    "иин жсн",
    "бин бсн",
    "жкх ткш",
    "асп аәк",
    "осмс мәмс",
    "цон хқко",
    "мвд іім",
    "мчс тжм",
    "рк қр",
    "оси миб",
    "кск пик",
    "мрп аек",
    "нпа нқа",
    "вуз жоо",
    "ент ұбт",
    "тбо тққ",
    "мсэ мәс мсэк",
    "ип жк",
    "тоо жшс",
    "пдд жкқ",
    "дтп жко",
)

CANONICAL = {fold(form): fold(row.split()[0]) for row in _PAIRS for form in row.split()}
"""Folded abbreviation → folded canonical one."""
