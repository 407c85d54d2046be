"""Sets `language` before anything else looks at the message."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from citizen_nlu import language_id
from citizen_nlu.components._register import register
from citizen_nlu.inputs import code_fingerprint
from citizen_nlu.storage import TrainingStorage

LANGUAGE = "language"
AUTHORED = "authored_language"
"""Attribute of a training message that teaches languages: its own."""


@register("MESSAGE_FEATURIZER", is_trainable=True)
class LanguageDetector(GraphComponent):
    """Trains with `citizen_nlu.language_training`, apart from everything else, and runs `citizen_nlu.language_id`."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, model: language_id.LanguageModel | None
    ) -> None:
        """`storage` is the training command's where the component is to be trained."""
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageDetector:
        if isinstance(model_storage, TrainingStorage):  # it is being learnt still, and nobody asks it
            return cls(model_storage, resource, None)
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, language_id.LanguageModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        return code_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        from citizen_nlu import language_training  # and with it scikit-learn, which serving has no use for

        texts = [(m.get(TEXT), m.get(AUTHORED)) for m in training_data.training_examples if m.get(AUTHORED)]
        with self._storage.write_to(self._resource) as folder:
            what = f"language model of {len(texts)} texts"
            self._storage.learn_apart("language", what, language_training.learn, texts, folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            language = self._model.detect(message.get(TEXT) or "")
            message.set(LANGUAGE, language.as_dict(), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The importer has told the language of every message."""
        return training_data
