"""Sets `intent`, `intent_ranking` and `danger`; what explains them waits in the message for the explainer."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from citizen_nlu import classify, progress
from citizen_nlu.components._register import register
from citizen_nlu.components.tokenizer import words_of
from citizen_nlu.courtesies import without_courtesies
from citizen_nlu.entities import find_entities, without_places
from citizen_nlu.inputs import code_fingerprint
from citizen_nlu.words import Word

DANGER = "danger"
"""The likeliest kind of danger, with the probability that some danger is present; absent when nobody can tell."""
CLASSIFICATION = "classification"
"""What the message's words were taken for: (words, Classification or None)."""
ANSWERS = "answers"
"""Attribute of a training message that is the answer to its label's question: learnt from, never shown as an example."""
CALIBRATES = "calibrates"
"""Attribute of a training message that is no example: confidence is calibrated on it."""


def _matter(message: Message, entities: List[Dict[str, Any]]) -> list[Word]:
    words = words_of(message.get(TOKENS_NAMES[TEXT]) or [])
    return without_courtesies(without_places(words, entities))


def _named(guess: tuple[str, float]) -> Dict[str, Any]:
    return {"name": guess[0], "confidence": guess[1]}


@register("INTENT_CLASSIFIER", is_trainable=True)
class CitizenClassifier(IntentClassifier, GraphComponent):
    """Trains by `citizen_nlu.classifier_training` and runs `citizen_nlu.classify`."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: classify.Classifier | None) -> None:
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CitizenClassifier:
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CitizenClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, classify.Classifier.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        return code_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        from citizen_nlu import classifier_training  # and with it scikit-learn, which serving has no use for

        examples = [
            (
                None if message.get(ANSWERS) else message.get(TEXT),
                message.get_full_intent(),
                words_of(message.get(TOKENS_NAMES[TEXT])),
            )
            for message in training_data.intent_examples
            if not message.get(CALIBRATES)
        ]
        development = [
            (
                message.get_full_intent(),
                _matter(message, [entity.as_dict() for entity in find_entities(message.get(TEXT))]),
            )
            for message in training_data.intent_examples
            if message.get(CALIBRATES)
        ]
        self._model = classifier_training.train(examples, development, progress.done)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            words = _matter(message, message.get(ENTITIES, []))
            result = self._model.classify(words)
            ranking = [_named(guess) for guess in result.ranking] if result else []
            first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(first), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if result and result.danger:
                message.set(DANGER, _named(result.danger), add_to_output=True)
            message.set(CLASSIFICATION, (words, result))
        return messages
