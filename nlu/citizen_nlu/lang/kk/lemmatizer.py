"""`spacy.blank("kk").add_pipe("lemmatizer")`: lemmas, and as `norm` the word with its Kazakh letters."""

from __future__ import annotations

from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc, Token

from citizen_nlu.lang.kk.morphology import lemma, restore


class KazakhLemmatizer(Lemmatizer):
    """spaCy's rule lemmatizer for Kazakh; the rules need neither tags nor lookups."""

    def __call__(self, doc: Doc) -> Doc:
        """Sets `lemma`, and `norm` where no abbreviation has set it."""
        for token in super().__call__(doc):
            if token.norm_ == token.lower_:
                token.norm_ = restore(token.lower_)
        return doc

    @classmethod
    def get_lookups_config(cls, mode: str) -> tuple[list[str], list[str]]:
        """No tables, in `rule` mode or any other."""
        return [], []

    def rule_lemmatize(self, token: Token) -> list[str]:
        """The lemma of a word, the token itself when it has no letter."""
        return [lemma(token.lower_) if any(map(str.isalpha, token.text)) else token.text]
