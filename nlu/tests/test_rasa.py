"""Rasa itself loads the same file and gives the same answers, so either server can be used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from citizen_nlu.serve import Model

NLU = Path(__file__).parents[1]
TEXTS = [
    "Үйде жылу жоқ, Көкшетау",
    "мусор не вывозят 3 недели",
    "raqmet",
    "үйде отопление жоқ, когда дадут",
    "",
    "😀",
    "KM-2026-000123 жауап қашан",
]
"""Without lone surrogates: Rasa's own log writer fails on them."""
ASK_RASA = """
import asyncio, json, os, sys, warnings
os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
warnings.showwarning = lambda *args, **kwargs: None
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
async def ask():
    return [await agent.parse_message(text) for text in json.load(sys.stdin)]
print("ANSWERS" + json.dumps(asyncio.run(ask())))
"""


@pytest.mark.slow
def test_rasa_gives_the_same_answers(model: Model, model_file: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", ASK_RASA, str(model_file)]
    done = subprocess.run(
        command,
        input=json.dumps(TEXTS),
        cwd=NLU,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: list[dict[str, Any]] = json.loads(done.stdout.partition("ANSWERS")[2])
    for text, theirs in zip(TEXTS, answers, strict=True):
        theirs.pop("text_tokens", None)
        assert json.loads(json.dumps(model.parse(text))) == theirs
