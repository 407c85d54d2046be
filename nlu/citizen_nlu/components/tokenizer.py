"""Splits the message by the rules of its language; each token carries its folded form and its normal form."""

from __future__ import annotations

from typing import Any, ClassVar, Dict, List, Optional

from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from citizen_nlu import progress
from citizen_nlu.components._register import register
from citizen_nlu.components.language import LANGUAGE
from citizen_nlu.words import Splitting, Word, split

SURFACE = "surface"


def words_of(tokens: List[Token]) -> list[Word]:
    """The words behind the tokens of a message."""
    return [Word(token.text, token.start, token.get(SURFACE), token.lemma) for token in tokens]


def _tokens(words: List[Word]) -> List[Token]:
    return [Token(w.text, w.start, data={SURFACE: w.surface}, lemma=w.normal) for w in words]


@register("MESSAGE_TOKENIZER", is_trainable=False)
class CitizenTokenizer(Tokenizer):
    """Runs `citizen_nlu.words`."""

    splitting: ClassVar[Optional[Splitting]] = None
    """Has split the authors' messages already when training comes to them; the training command sets it."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def supported_languages() -> List[str]:
        return ["xx"]

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        if attribute != TEXT:
            return [Token(message.get(attribute), 0)]
        return _tokens(split(message.get(TEXT), message.get(LANGUAGE)["code"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Only what has a label is looked at word by word."""
        messages = training_data.intent_examples
        texts = [(message.get(TEXT), message.get(LANGUAGE)["code"]) for message in messages]
        if self.splitting:
            self.splitting.begin(texts)
        split_one = self.splitting.words if self.splitting else split
        for message, text in zip(messages, texts, strict=True):
            message.set(TOKENS_NAMES[TEXT], _tokens(split_one(*text)))
        progress.done("words", f"{len(messages)} texts split into words")
        return training_data
