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
    lines = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
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
                "TELEGRAM_BOT_NAME": "https://t.me/komekshi_bot",
                "TELEGRAM_WEBHOOK_URL": "https://x",
                "LOG_FORMAT": "xml",
                "TRUSTED_PROXIES": "everybody",
                "SHOW_DRAFTS": "perhaps",
                "METRICS_TOKEN": "short",
            }
        )
    told = "\n".join(raised.value.problems)
    for name in (
        "HTTP_PORT",
        "DATABASE_URL",
        "ORGANISATION_NAME",
        "ORGANISATION_BIN",
        "TELEGRAM_BOT_NAME",
        "TELEGRAM_WEBHOOK_SECRET",
        "LOG_FORMAT",
        "TRUSTED_PROXIES",
        "SHOW_DRAFTS",
        "SECRET_KEY",
        "METRICS_TOKEN",
    ):
        assert name in told


ORGANISATION = {"ORGANISATION_NAME": "Акимат", "ORGANISATION_BIN": "050540000006"}
WEBHOOK = {"WEBHOOK_URL": "https://other.example/hook", "WEBHOOK_SECRET": "a secret of sixteen"}
OPEN311 = {
    "OPEN311_URL": "https://other.example/v2",
    "OPEN311_API_KEY": "key",
    "OPEN311_SERVICES": "UTIL.HEAT=001, ROAD.LOCAL=006",
}


def test_connected_needs_a_whole_system_to_deliver_to() -> None:
    connected = {"FILING_MODE": "connected", **ORGANISATION}
    with pytest.raises(SettingsError, match=r"WEBHOOK_URL \+ WEBHOOK_SECRET or OPEN311_URL"):
        Settings.load(connected)
    for system in (WEBHOOK, OPEN311):
        assert Settings.load({**connected, **system}).filing_mode is Mode.CONNECTED
        for left_out in system:
            with pytest.raises(SettingsError, match=left_out):
                Settings.load({**connected, **system, left_out: ""})
    assert Settings.load({**connected, **OPEN311}).open311_services["ROAD.LOCAL"] == "006"
    assert Settings.load({"FILING_MODE": "desk", **ORGANISATION}).filing_mode is Mode.DESK


@pytest.mark.parametrize("mode", ["demo", "desk"])
@pytest.mark.parametrize("system", [WEBHOOK, OPEN311])
def test_a_system_that_nothing_would_be_delivered_to_is_not_taken_in_silence(
    mode: str, system: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match=f"nothing is delivered with FILING_MODE={mode}"):
        Settings.load({"FILING_MODE": mode, **ORGANISATION, **system})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "http://other.example/hook"),
        ("WEBHOOK_URL", "https://user:password@other.example/hook"),
        ("WEBHOOK_URL", "https://other.example/hook?key=1"),
        ("WEBHOOK_URL", "ftp://other.example"),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", "a secret of sixteen, another of sixteen, a third of sixteen"),
        ("OPEN311_URL", "http://10.0.0.1/v2"),
        ("OPEN311_SERVICES", "UTIL.HEAT"),
        ("OPEN311_SERVICES", "HEALTH.CLINIC=001"),
        ("OPEN311_FORMAT", "yaml"),
        ("OPEN311_PERSONAL_DATA", "perhaps"),
    ],
)
def test_settings_of_a_system_are_checked(name: str, value: str) -> None:
    good = {"FILING_MODE": "connected", **ORGANISATION, **WEBHOOK, **OPEN311}
    assert Settings.load(good)
    with pytest.raises(SettingsError, match=name):
        Settings.load({**good, name: value})


def test_this_very_machine_may_be_reached_without_tls() -> None:
    good = {"FILING_MODE": "connected", **ORGANISATION, **WEBHOOK}
    for host in ("127.0.0.1:9000", "localhost", "[::1]:9000"):
        assert Settings.load({**good, "WEBHOOK_URL": f"http://{host}/hook"})


def test_secrets_do_not_show() -> None:
    loaded = Settings.load(
        {
            "TELEGRAM_BOT_TOKEN": "123:sesame",
            "NLU_TOKEN": "sesame",
            "SECRET_KEY": "sesame",
            "FILING_MODE": "connected",
            "ORGANISATION_NAME": "Акимат",
            "ORGANISATION_BIN": "050540000006",
            "WEBHOOK_URL": "https://other.example/hook",
            "WEBHOOK_SECRET": "open sesame once more, open sesame again",
            "OPEN311_URL": "https://other.example/v2",
            "OPEN311_API_KEY": "sesame",
            "OPEN311_SERVICES": "UTIL.HEAT=001",
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


def test_links_lead_to_the_bot_only_where_it_is_this_service_that_answers() -> None:
    named = {"TELEGRAM_BOT_NAME": "@komekshi_bot"}
    assert Settings.load(named).telegram_link == ""
    assert Settings.load({**named, "TELEGRAM_BOT_TOKEN": "1:a"}).telegram_link == "komekshi_bot"
    assert Settings.load({"TELEGRAM_BOT_TOKEN": "1:a"}).telegram_link == ""
