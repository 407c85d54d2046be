"""Sets `explanation`: the words that spoke for the label, and the authored example it resembles most."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from citizen_nlu.components._register import register
from citizen_nlu.components.classifier import CLASSIFICATION
from citizen_nlu.explain import explain


@register("INTENT_CLASSIFIER", is_trainable=False)
class Explainer(GraphComponent):
    """Runs `citizen_nlu.explain` on what the classifier left in the message."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Explainer:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            message.set("explanation", explain(*message.get(CLASSIFICATION)), add_to_output=True)
        return messages
