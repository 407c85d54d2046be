"""`python -m citizen_nlu.train`: trains the model with Rasa, where the data or the code has changed since the last time."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

from citizen_nlu import content, progress
from citizen_nlu.content import ContentError
from citizen_nlu.inputs import fingerprint
from citizen_nlu.words import Splitting

NLU = Path(__file__).parent.parent
MODEL = NLU / "models" / "nlu.tar.gz"


def train(data: Path, model: Path) -> None:
    """Train and put the archive in place in one step; a model in use stays whole. Raises ContentError."""
    be_quiet()
    progress.restart()
    read = content.read(data)  # its problems are told before Rasa is imported
    with Splitting() as splitting:
        splitting.begin((example.text, example.language) for example in read.examples)
        _train(read, splitting, model)


def _train(read: content.Content, splitting: Splitting, model: Path) -> None:
    import rasa.engine.recipes.default_recipe  # noqa: F401 - components register with it when they are imported
    from rasa.engine.caching import LocalTrainingCache
    from rasa.engine.recipes.recipe import Recipe
    from rasa.engine.training.graph_trainer import GraphTrainer
    from rasa.engine.validation import validate
    from rasa.shared.data import TrainingType
    from rasa.utils.log_utils import configure_structlog

    from citizen_nlu.components.tokenizer import CitizenTokenizer
    from citizen_nlu.importer import ContentImporter
    from citizen_nlu.runner import SequentialGraphRunner
    from citizen_nlu.storage import TrainingStorage

    configure_structlog(logging.ERROR)
    CitizenTokenizer.splitting = splitting
    importer = ContentImporter(str(NLU / "config.yml"), read=read)
    config = importer.get_config()
    graph = Recipe.recipe_for_name(config["recipe"]).graph_config_for_recipe(
        config, {}, training_type=TrainingType.NLU
    )
    validate(graph)
    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model.parent) as folder:
        made = Path(folder) / "nlu.tar.gz"
        with TrainingStorage(Path(folder)) as storage:
            # Rasa's `train_nlu` copies all messages and takes fingerprints for a cache that is never read.
            trainer = GraphTrainer(storage, LocalTrainingCache(), SequentialGraphRunner)
            trainer.train(graph, importer, made, force_retraining=True)
        made.replace(model)


def _stamp(model: Path) -> Path:
    return model.with_suffix(".hash")


def is_current(model: Path, wanted: str) -> bool:
    """Whether the archive is there and made of what has this fingerprint."""
    stamp = _stamp(model)
    return model.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted


def be_quiet() -> None:
    """No cache, telemetry or chatter of Rasa and TensorFlow."""
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        RASA_MAX_CACHE_SIZE="0",  # the stamp beside the model decides, not Rasa's cache
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
    warnings.showwarning = lambda *_args, **_kwargs: None  # type: ignore[assignment]  # Rasa switches filters back on
    logging.basicConfig(level=logging.ERROR, format="%(message)s", stream=sys.stderr, force=True)
    logging.getLogger("citizen_nlu").setLevel(logging.INFO)


def main() -> int:
    """1 when the content has problems."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=NLU / "data", help="folder of training data")
    parser.add_argument("--output", type=Path, default=MODEL, help="the archive to write")
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    arguments = parser.parse_args()
    data, model = arguments.data.resolve(), arguments.output.resolve()
    wanted = fingerprint(data)
    if not arguments.force and is_current(model, wanted):
        print("understanding: the model is up to date", file=sys.stderr)
        return 0
    print("understanding: training", file=sys.stderr)
    gc.disable()  # nothing is thrown away here, and looking through millions of words takes long
    started = time.monotonic()
    try:
        train(data, model)
    except ContentError as error:
        print(f"The training content has problems:\n{error}", file=sys.stderr)
        return 1
    _stamp(model).write_text(wanted, "utf-8")
    size = model.stat().st_size / 1e6
    print(f"understanding: trained in {time.monotonic() - started:.0f} s, {size:.1f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
