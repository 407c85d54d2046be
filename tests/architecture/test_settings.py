"""Settings: documented, checked all at once, without secrets in their print."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from dialogs.model import Mode

ROOT = Path(__file__).parent.parent.parent


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    lines = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert set(lines) == {part.name.upper() for part in fields(Settings)}
    assert Settings.load(lines) == Settings.load({})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.load(
            {
                "HTTP_PORT": "eighty",
                "DATABASE_URL": "mysql://x",
                "FILING_MODE": "desk",
                "ORGANISATION_BIN": "123",
                "TELEGRAM_WEBHOOK_URL": "https://x",
                "LOG_FORMAT": "xml",
                "TRUSTED_PROXIES": "everybody",
                "SHOW_DRAFTS": "perhaps",
            }
        )
    told = "\n".join(raised.value.problems)
    for name in (
        "HTTP_PORT",
        "DATABASE_URL",
        "ORGANISATION_NAME",
        "ORGANISATION_BIN",
        "TELEGRAM_WEBHOOK_SECRET",
        "LOG_FORMAT",
        "TRUSTED_PROXIES",
        "SHOW_DRAFTS",
        "SECRET_KEY",
    ):
        assert name in told


def test_connected_needs_somewhere_to_deliver() -> None:
    organisation = {"ORGANISATION_NAME": "Акимат", "ORGANISATION_BIN": "050540000006"}
    with pytest.raises(SettingsError, match="WEBHOOK_URL"):
        Settings.load({"FILING_MODE": "connected", **organisation})
    loaded = Settings.load({"FILING_MODE": "desk", **organisation})
    assert loaded.filing_mode is Mode.DESK


def test_secrets_do_not_show() -> None:
    loaded = Settings.load(
        {
            "TELEGRAM_BOT_TOKEN": "123:sesame",
            "NLU_TOKEN": "sesame",
            "SECRET_KEY": "sesame",
            "WEBHOOK_SECRET": "sesame",
            "DATABASE_URL": "postgresql+asyncpg://u:sesame@h/d",
            "REDIS_URL": "redis://:sesame@h",
        }
    )
    assert "sesame" not in repr(loaded)


def test_a_single_process_keeps_a_key_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    key = settings.signing_key()
    assert len(key) > 40
    assert Settings(data_dir=tmp_path / "new").signing_key() == key
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0


def test_the_classifier_is_read_where_it_is(tmp_path: Path) -> None:
    assert Settings.load({"DATA_DIR": str(tmp_path)}).classifier is None
    (tmp_path / "territory.tsv").touch()
    assert Settings.load({"DATA_DIR": str(tmp_path)}).classifier == tmp_path / "territory.tsv"
    with pytest.raises(SettingsError, match="TERRITORY_FILE"):
        Settings.load({"TERRITORY_FILE": str(tmp_path / "none.tsv")})
