"""The fingerprint of all that a model is made of, so that training again with nothing changed costs nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from citizen_nlu.content import input_files

PROJECT = Path(__file__).resolve().parents[1]
REPOSITORY = PROJECT.parent


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _code_files() -> list[Path]:
    own = [*(PROJECT / "citizen_nlu").rglob("*.py"), *(PROJECT / "citizen_nlu").rglob("*.yml")]
    shared = [path for package in ("text", "appeals") for path in (REPOSITORY / package).rglob("*.py")]
    return sorted(own) + sorted(shared)


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Hash of our code and language data; Rasa itself would see the component classes only."""
    return _digest(_code_files())


def fingerprint(data: Path) -> str:
    """Hash of examples, code, language data, config and pinned requirements."""
    settled = [PROJECT / "config.yml", PROJECT / "requirements.txt"]
    return _digest([*input_files(data), *_code_files(), *settled])
