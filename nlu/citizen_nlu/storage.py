"""Where Rasa keeps a model while it is trained, and how it is packed."""

from __future__ import annotations

import gc
import tarfile
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any

from rasa.engine.graph import GraphModelConfiguration
from rasa.engine.storage.local_model_storage import (
    MODEL_ARCHIVE_COMPONENTS_DIR,
    MODEL_ARCHIVE_METADATA_FILE,
    LocalModelStorage,
)
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain

from citizen_nlu import progress


class TrainingStorage(LocalModelStorage):
    """Rasa's, but what no other component waits for can be learnt apart, and the archive is not compressed.

    Unpacking is part of every start, and the arrays are half the size at best.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / MODEL_ARCHIVE_COMPONENTS_DIR)
        self._storage_path.mkdir()
        self._process = ProcessPoolExecutor(1, get_context("spawn"), initializer=gc.disable)  # as in train
        self._apart: list[tuple[Future[None], str, str]] = []

    def __enter__(self) -> TrainingStorage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown(wait=kind is None, cancel_futures=True)

    def learn_apart(self, step: str, what: str, learn: Callable[..., None], *arguments: Any) -> None:
        """Calls `learn`, which writes into a component's folder, in another process; `step` and `what` are told as progress when it
        is done."""
        self._apart.append((self._process.submit(learn, *arguments), step, what))

    def create_model_package(
        self, model_archive_path: Path, model_configuration: GraphModelConfiguration, domain: Domain
    ) -> ModelMetadata:
        """Waits for what is learnt apart; its errors are raised here."""
        for learning, step, what in self._apart:
            learning.result()
            progress.done(step, what)
        metadata = self._create_model_metadata(domain, model_configuration)
        self._persist_metadata(metadata, self._storage_path.parent)
        with tarfile.open(model_archive_path, "w:gz", compresslevel=0) as archive:
            for name in (MODEL_ARCHIVE_COMPONENTS_DIR, MODEL_ARCHIVE_METADATA_FILE):
                archive.add(self._storage_path.parent / name, name)
        return metadata
