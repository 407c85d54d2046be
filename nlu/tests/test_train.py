"""The training command: progress, no work without need, no model out of broken content."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

NLU = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"


def train(data: Path, output: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "citizen_nlu.train", "--data", str(data), "--output", str(output)]
    return subprocess.run(
        command, cwd=NLU, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_progress_is_told_step_by_step(model_file: Path) -> None:
    log = model_file.with_name("train.log").read_text("utf-8")
    for number in range(1, 7):
        assert f"[{number}/6] " in log
    assert "Warning" not in log


def test_a_second_call_finds_nothing_to_do(model_file: Path, environment: dict[str, str]) -> None:
    made = model_file.stat().st_mtime_ns
    done = train(DATA, model_file, environment)
    assert done.returncode == 0
    assert "up to date" in done.stdout + done.stderr
    assert model_file.stat().st_mtime_ns == made


def test_broken_content_leaves_the_old_model_alone(tmp_path: Path, environment: dict[str, str]) -> None:
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    (data / "dialog.yml").write_text('sing: {kk: ["ән"]}\n', encoding="utf-8")
    (data / "emergency.yml").write_text('war: {kk: ["x"]}\n', encoding="utf-8")
    output = tmp_path / "nlu.tar.gz"
    output.write_bytes(b"the old model")
    done = train(data, output, environment)
    assert done.returncode == 1
    assert "dialog.sing" in done.stderr
    assert "emergency.war" in done.stderr
    assert "Traceback" not in done.stderr
    assert output.read_bytes() == b"the old model"
