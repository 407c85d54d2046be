"""A model of the small fixture content, trained once for all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from citizen_nlu.serve import Model

NLU = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Variables for our commands in their own process."""
    unset = {"NLU_TOKEN", "NLU_PORT", "NLU_HOST"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, "PYTHONPATH": f"{NLU}{os.pathsep}{NLU.parent}"}


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The archive, made by the command everybody uses."""
    path = tmp_path_factory.mktemp("model") / "nlu.tar.gz"
    command = [sys.executable, "-m", "citizen_nlu.train", "--data", str(DATA), "--output", str(path)]
    done = subprocess.run(
        command, cwd=NLU, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    path.with_name("train.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def model(model_file: Path) -> Model:
    """The archive, loaded as the server loads it."""
    return Model(model_file)
