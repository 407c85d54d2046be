"""Kazakh abbreviations that keep their full stops."""

from __future__ import annotations

from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.symbols import NORM, ORTH
from spacy.util import update_exc

_ABBREVIATIONS = {
    "т.б.": "тағы басқа",
    "т.с.с.": "тағы сол сияқты",
    "т.т.": "тағы тағы",
    "д.с.с.": "дегендей сол сияқты",
    "ж.т.б.": "және тағы басқа",
    "б.з.": "біздің заман",
    "ж.": "жыл",
    "жж.": "жылдар",
    "ғ.": "ғасыр",
    "қ.": "қала",
    "а.о.": "ауылдық округ",
    "обл.": "облыс",
    "ауд.": "аудан",
    "көш.": "көше",
    "даң.": "даңғыл",
    "мкр.": "мөлтек аудан",
    "ш.а.": "шағын аудан",
    "пәт.": "пәтер",
    "бөл.": "бөлме",
    "тел.": "телефон",
    "тг.": "теңге",
    "млн.": "миллион",
    "млрд.": "миллиард",
}

_exceptions = {}
for _short, _full in _ABBREVIATIONS.items():
    for _form in {_short, _short.capitalize(), _short.upper()}:
        _exceptions[_form] = [{ORTH: _form, NORM: _full}]

TOKENIZER_EXCEPTIONS = update_exc(BASE_EXCEPTIONS, _exceptions)
