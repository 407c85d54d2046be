"""Sets `entities`: places by their КАТО code, dates, durations, money, phones, identifiers, our reference numbers."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from citizen_nlu.components._register import register
from citizen_nlu.entities import find_entities


@register("ENTITY_EXTRACTOR", is_trainable=False)
class CitizenEntityExtractor(GraphComponent):
    """Runs `citizen_nlu.entities`."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CitizenEntityExtractor:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            found = find_entities(message.get(TEXT) or "")
            message.set(ENTITIES, [entity.as_dict() for entity in found], add_to_output=True)
        return messages
