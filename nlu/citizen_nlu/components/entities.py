"""Entities as Rasa's answer has them."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from citizen_nlu import entities
from citizen_nlu.components._register import register


@register("ENTITY_EXTRACTOR", is_trainable=False)
class CitizenEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Sets `entities`."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CitizenEntityExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(ENTITIES, entities.find(message.get(TEXT) or ""), add_to_output=True)
        return messages
