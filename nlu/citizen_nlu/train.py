"""`python -m citizen_nlu.train`: trains the model with Rasa, where the data or the code has changed since the last time."""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

from citizen_nlu import progress
from citizen_nlu.components._fingerprint import code_hash
from citizen_nlu.content import ContentError, input_files, read

NLU = Path(__file__).parent.parent
MODEL = NLU / "models" / "nlu.tar.gz"


def inputs_hash(data: Path) -> str:
    """Changes whenever training again could give another model. Held-out messages do not count."""
    digest = hashlib.sha256(code_hash().encode())
    for path in (NLU / "config.yml", NLU / "requirements.txt", *(p for p in input_files(data) if p.suffix != ".tsv")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def train(data: Path, model: Path) -> None:
    """Train and put the archive in place in one step; a model in use stays whole. Raises ContentError."""
    _quiet()
    progress.restart()
    read(data)
    os.environ["CITIZEN_NLU_DATA"] = str(data)
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model.parent) as folder:
        before = Path.cwd()
        os.chdir(NLU)
        try:
            made = train_nlu("config.yml", str(data), folder, fixed_model_name="nlu")
        finally:
            os.chdir(before)
        if made is None:
            raise RuntimeError("Rasa made no model")
        shutil.move(str(made), model)


def _quiet() -> None:
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", SQLALCHEMY_SILENCE_UBER_WARNING="1")
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
    stamp, wanted = model.with_suffix(".hash"), inputs_hash(data)
    if not arguments.force and model.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        print("understanding: the model is up to date", file=sys.stderr)
        return 0
    print("understanding: training", file=sys.stderr)
    started = time.monotonic()
    try:
        train(data, model)
    except ContentError as error:
        print(f"The training content has problems:\n{error}", file=sys.stderr)
        return 1
    stamp.write_text(wanted, "utf-8")
    size = model.stat().st_size / 1e6
    print(f"understanding: trained in {time.monotonic() - started:.0f} s, {size:.1f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
