"""The Kazakh language class, which spaCy does not ship; importing this package registers it."""

from collections.abc import Callable
from typing import Any, Optional

import spacy
from spacy.language import BaseDefaults, Language
from thinc.api import Model

from .lemmatizer import KazakhLemmatizer
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


@Kazakh.factory(
    "lemmatizer",
    assigns=["token.lemma", "token.norm"],
    default_config={
        "model": None,
        "mode": "rule",
        "overwrite": False,
        "scorer": {"@scorers": "spacy.lemmatizer_scorer.v1"},
    },
    default_score_weights={"lemma_acc": 1.0},
)
def make_lemmatizer(
    nlp: Language,
    model: Optional[Model],
    name: str,
    mode: str,
    overwrite: bool,
    scorer: Optional[Callable[..., Any]],
) -> KazakhLemmatizer:
    """What `nlp.add_pipe("lemmatizer")` makes of a Kazakh pipeline."""
    return KazakhLemmatizer(nlp.vocab, model, name, mode=mode, overwrite=overwrite, scorer=scorer)


spacy.registry.languages.register("kk", func=Kazakh)

__all__ = ["Kazakh"]
