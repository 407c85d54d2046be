"""`spacy.blank("kk").add_pipe("lemmatizer")`: lemmas by our stems and suffix rules, no tables to load."""

from __future__ import annotations

from spacy.pipeline import Lemmatizer
from spacy.tokens import Token

from citizen_nlu.lang.kk.morphology import lemma


class KazakhLemmatizer(Lemmatizer):
    """spaCy's rule lemmatizer for Kazakh; the rules need neither tags nor lookups."""

    @classmethod
    def get_lookups_config(cls, mode: str) -> tuple[list[str], list[str]]:
        """No tables, in `rule` mode or any other."""
        return [], []

    def rule_lemmatize(self, token: Token) -> list[str]:
        """The lemma of a word, the token itself when it has no letter."""
        return [lemma(token.lower_) if any(map(str.isalpha, token.text)) else token.text]
