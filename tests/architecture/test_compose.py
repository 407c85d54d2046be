"""The production set: what runs, what can be reached, and that every secret must be given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
SET = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = SET["services"]


def test_the_set_is_complete_and_every_service_is_inside() -> None:
    assert set(SERVICES) == {"postgres", "redis", "nlu", "web", "telegram", "worker"}
    assert all("inside" in service["networks"] for service in SERVICES.values())
    assert SET["networks"]["inside"] == {"internal": True}


def test_only_the_web_server_is_published_and_only_on_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_no_secret_has_a_value_or_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    for name in ("POSTGRES_PASSWORD", "NLU_TOKEN", "SECRET_KEY"):
        used = re.findall(r"\$\{" + name + r"([^}]*)\}", text)
        assert used, name
        assert all(rest.startswith(":?") for rest in used), name


def test_the_parts_are_the_ones_the_program_knows() -> None:
    commands = [
        service["command"] for name, service in SERVICES.items() if name in ("web", "telegram", "worker")
    ]
    assert [command[:3] for command in commands] == [["python", "-m", "bot"]] * 3
    assert {part for command in commands for part in command[3:]} == {"web", "telegram", "worker"}


def test_images_copy_folders_that_exist_and_install_what_is_pinned() -> None:
    for dockerfile in ("Dockerfile", "nlu/Dockerfile"):
        text = (ROOT / dockerfile).read_text("utf-8")
        for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
            assert (ROOT / source).exists(), (dockerfile, source)
        assert "--require-hashes" in text
        assert "USER komekshi" in text
