"""The Kazakh language class, which spaCy does not ship; importing this package registers it."""

from __future__ import annotations

import spacy
from spacy.language import BaseDefaults, Language

from .lex_attrs import LEX_ATTRS
from .punctuation import TOKENIZER_INFIXES, TOKENIZER_SUFFIXES
from .stop_words import STOP_WORDS
from .tokenizer_exceptions import TOKENIZER_EXCEPTIONS


class KazakhDefaults(BaseDefaults):
    """What spaCy needs to know to split Kazakh text."""

    tokenizer_exceptions = TOKENIZER_EXCEPTIONS
    infixes = TOKENIZER_INFIXES
    suffixes = TOKENIZER_SUFFIXES
    lex_attr_getters = LEX_ATTRS
    stop_words = STOP_WORDS


class Kazakh(Language):
    """`spacy.blank("kk")`."""

    lang = "kk"
    Defaults = KazakhDefaults


spacy.registry.languages.register("kk", func=Kazakh)

__all__ = ["Kazakh"]
