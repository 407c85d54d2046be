"""Rasa's way to our training content: config.yml names this importer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_config_file

from citizen_nlu import content, progress
from citizen_nlu.components.classifier import ANSWERS, CALIBRATES
from citizen_nlu.components.language import AUTHORED, LANGUAGE
from citizen_nlu.content import Example, Measured
from citizen_nlu.language_id import CODES


def _labelled(said: Example | Measured, attribute: str, value: str | bool = True) -> Message:
    """Its author has told the language, so that nothing waits for the language model."""
    language = {"code": said.language if said.language in CODES else "other"}
    return Message({TEXT: said.text, INTENT: said.label, LANGUAGE: language, attribute: value})


class _Messages(TrainingData):
    """All as they are: doubles went when the content was read, and Rasa would find them by the hash of every message."""

    @staticmethod
    def sanitize_examples(examples: List[Message]) -> List[Message]:
        return examples


class ContentImporter(TrainingDataImporter):
    """Examples become messages with an intent, prose becomes messages without one; answers and development messages are marked.

    `read` is what has been read already; ContentError lists all problems.
    """

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Optional[Union[List[str], str]] = None,
        read: Optional[content.Content] = None,
        **kwargs: Any,
    ) -> None:
        self._config_file = config_file
        paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths
        self._data = Path((paths or ["data"])[0])
        self._read = read
        self._training_data: TrainingData | None = None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        if self._training_data is None:
            read = self._read or content.read(self._data)
            labelled = [_labelled(example, AUTHORED, example.language) for example in read.examples]
            prose = [Message({TEXT: text, AUTHORED: code}) for text, code in read.prose]
            answers = [_labelled(answer, ANSWERS) for answer in read.answers]
            judged = [_labelled(message, CALIBRATES) for message in read.development]
            self._training_data = _Messages(labelled + answers + prose + judged)
            kinds = ", ".join(
                f"{kind} {number}" for kind, number in sorted(content.counts(read.examples).items())
            )
            progress.done("examples", f"{len(labelled)} examples read: {kinds}")
        return self._training_data

    def get_config(self) -> Dict[str, Any]:
        return read_config_file(self._config_file) if self._config_file else {}

    def get_config_file_for_auto_config(self) -> Optional[str]:
        return self._config_file

    def get_domain(self) -> Domain:
        return Domain.empty()

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        return StoryGraph([])
