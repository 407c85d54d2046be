"""Sets `intent` and `intent_ranking`; what explains them waits in the message for the explainer."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from citizen_nlu import classify, progress
from citizen_nlu.components._register import register
from citizen_nlu.components.tokenizer import words_of
from citizen_nlu.inputs import code_fingerprint

CLASSIFICATION = "classification"


@register("INTENT_CLASSIFIER", is_trainable=True)
class CitizenClassifier(IntentClassifier, GraphComponent):
    """Trains and runs `citizen_nlu.classify`."""

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
        messages = [
            (message.get(TEXT), message.get_full_intent(), words_of(message.get(TOKENS_NAMES[TEXT])))
            for message in training_data.intent_examples
        ]
        self._model = classify.train(messages, progress.done)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            result = self._model.classify(words_of(message.get(TOKENS_NAMES[TEXT]) or []))
            ranking = (
                [{"name": label, "confidence": value} for label, value in result.ranking] if result else []
            )
            first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(first), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(CLASSIFICATION, result)
        return messages
