"""The only reader of the environment. All problems are reported at once."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from appeals.identifiers import check_bin
from appeals.topics import PUBLIC_SPACE
from dialogs.model import Mode
from integrations.addresses import AddressRefused, check_address

Network = IPv4Network | IPv6Network
_BOT_NAME = re.compile(r"@?[A-Za-z]\w{4,31}", re.ASCII)


class SettingsError(ValueError):
    """`problems` lists everything wrong with the settings, one line each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """See .env.example for what each means. Secrets do not show in tracebacks."""

    http_host: str = "127.0.0.1"
    http_port: int = 8080
    public_url: str = ""
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    data_dir: Path = Path("var")
    territory_file: Path | None = None
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    nlu_url: str = ""
    nlu_port: int = 5005
    nlu_token: str = field(default="", repr=False)
    telegram_bot_token: str = field(default="", repr=False)
    telegram_bot_name: str = ""
    telegram_api_base: str = ""
    telegram_webhook_url: str = ""
    telegram_webhook_secret: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    filing_mode: Mode = Mode.DEMO
    organisation_name: str = ""
    organisation_bin: str = ""
    webhook_url: str = ""
    webhook_secret: tuple[str, ...] = field(default=(), repr=False)
    open311_url: str = ""
    open311_api_key: str = field(default="", repr=False)
    open311_jurisdiction: str = ""
    open311_services: Mapping[str, str] = field(default_factory=dict)
    open311_format: str = "json"
    open311_reference_attribute: str = ""
    open311_personal_data: bool = False
    signature: str = "none"
    ncanode_url: str = ""
    show_drafts: bool = True
    log_format: str = "console"
    metrics_token: str = field(default="", repr=False)

    @property
    def base_url(self) -> str:
        """Where citizens reach the service."""
        return self.public_url.rstrip("/") or f"http://{self.http_host}:{self.http_port}"

    @property
    def telegram_link(self) -> str:
        """The bot's name where links to it lead to this very service."""
        return self.telegram_bot_name.removeprefix("@") if self.telegram_bot_token else ""

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the data folder by default."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'komekshi.sqlite3'}"

    @property
    def classifier(self) -> Path | None:
        """All places down to the village, where `appeals.import_kato` has put them."""
        file = self.territory_file or self.data_dir / "territory.tsv"
        return file.absolute() if file.is_file() else None

    @property
    def embedded(self) -> bool:
        """One process with SQLite and no Redis."""
        return not self.redis_url and self.database.startswith("sqlite")

    @classmethod
    def from_environment(cls, env_file: Path = Path(".env")) -> tuple[Settings, dict[str, str]]:
        """The settings from the process's environment and, below it, the file; and that environment itself, for children."""
        merged = {**dotenv_values(env_file), **os.environ}  # noqa: TID251 - the one reader
        environ = {name: value for name, value in merged.items() if value is not None}
        return cls.load(environ), environ

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check. Raises SettingsError with every problem."""
        problems: list[str] = []
        values: dict[str, object] = {}
        for part in fields(cls):
            raw = environ.get(part.name.upper(), "").strip()
            if raw:
                try:
                    values[part.name] = _READERS.get(part.name, str)(raw)
                except ValueError as error:
                    problems.append(f"{part.name.upper()}: {error}")
        settings = cls(**values)  # type: ignore[arg-type]
        problems += settings._problems()
        if problems:
            raise SettingsError(problems)
        return settings

    def _problems(self) -> list[str]:
        found = []
        for name in ("public_url", "nlu_url", "telegram_api_base", "telegram_webhook_url", "ncanode_url"):
            value = getattr(self, name)
            if value and urlsplit(value).scheme not in ("http", "https"):
                found.append(f"{name.upper()}: must begin with http:// or https://")
        if not self.database.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            found.append("DATABASE_URL: must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        if self.territory_file and not self.territory_file.is_file():
            found.append(
                f"TERRITORY_FILE: there is no {self.territory_file}; python -m appeals.import_kato makes it"
            )
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            found.append("REDIS_URL: must begin with redis://, rediss:// or unix://")
        found += self._telegram_problems()
        if not self.embedded and not self.secret_key:
            found.append(
                "SECRET_KEY: is needed when several processes run (DATABASE_URL or REDIS_URL is set)"
            )
        if self.filing_mode is not Mode.DEMO:
            if not self.organisation_name:
                found.append(
                    f"ORGANISATION_NAME: is needed with FILING_MODE={self.filing_mode.value}: consent names the operator"
                )
            if not check_bin(self.organisation_bin).ok:
                found.append(
                    f"ORGANISATION_BIN: a valid БИН is needed with FILING_MODE={self.filing_mode.value}"
                )
        found += self._connector_problems()
        if self.signature not in ("none", "ncanode"):
            found.append("SIGNATURE: none or ncanode")
        if self.signature == "ncanode" and not self.ncanode_url:
            found.append("NCANODE_URL: is needed with SIGNATURE=ncanode: signatures are checked there")
        if 0 < len(self.metrics_token) < 16:
            found.append("METRICS_TOKEN: 16 characters or more")
        if self.log_format not in ("console", "json"):
            found.append("LOG_FORMAT: console or json")
        return found

    def _telegram_problems(self) -> list[str]:
        found = []
        if self.telegram_bot_name and not _BOT_NAME.fullmatch(self.telegram_bot_name):
            found.append("TELEGRAM_BOT_NAME: letters, digits and _ as in t.me/<name>, 5 to 32")
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            found.append(
                "TELEGRAM_WEBHOOK_SECRET: is needed with TELEGRAM_WEBHOOK_URL, else anybody could speak for Telegram"
            )
        return found

    def _connector_problems(self) -> list[str]:
        """Delivering nowhere must never look like delivering."""
        needed = {
            "webhook": ("webhook_url", "webhook_secret"),
            "open311": ("open311_url", "open311_api_key", "open311_services"),
        }
        found, complete = [], False
        for names in needed.values():
            lacking = [name.upper() for name in names if not getattr(self, name)]
            begun = len(lacking) < len(names)
            complete = complete or not lacking
            if begun and lacking:
                found.append(
                    f"{', '.join(lacking)}: needed with {names[0].upper()} and the others of that system"
                )
            if begun and self.filing_mode is not Mode.CONNECTED:
                found.append(
                    f"{names[0].upper()}: nothing is delivered with FILING_MODE={self.filing_mode.value}; "
                    "set FILING_MODE=connected or take the settings of that system out"
                )
        if self.filing_mode is Mode.CONNECTED and not complete:
            ways = " or ".join(" + ".join(name.upper() for name in names) for names in needed.values())
            found.append(f"FILING_MODE=connected needs a system to deliver to: {ways}")
        for name in ("webhook_url", "open311_url"):
            try:
                check_address(getattr(self, name) or "https://none")
            except AddressRefused as error:
                found.append(f"{name.upper()}: {error}")
        if any(len(key) < 16 for key in self.webhook_secret) or len(self.webhook_secret) > 2:
            found.append("WEBHOOK_SECRET: one key, or two while it is changed, each of 16 characters or more")
        if self.open311_format not in ("json", "xml"):
            found.append("OPEN311_FORMAT: json or xml")
        private = [topic for topic in self.open311_services if topic.partition(".")[0] not in PUBLIC_SPACE]
        if private:
            found.append(
                f"OPEN311_SERVICES: {', '.join(private)}: only topics of {', '.join(sorted(PUBLIC_SPACE))} go there"
            )
        return found

    def signing_key(self) -> str:
        """SECRET_KEY, or one kept in the data folder for a single process."""
        if self.secret_key:
            return self.secret_key
        file = self.data_dir / "secret.key"
        if not file.exists():
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48), "utf-8")
        return file.read_text("utf-8").strip()


def _port(raw: str) -> int:
    port = int(raw) if raw.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise ValueError(f"{raw!r} is no port")
    return port


def _flag(raw: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if raw.casefold() not in known:
        raise ValueError(f"{raw!r} is neither true nor false")
    return known[raw.casefold()]


def _list(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _pairs(raw: str) -> dict[str, str]:
    pairs = {}
    for part in _list(raw):
        name, equals, value = part.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ValueError(f"{part!r} is not topic=service")
        pairs[name.strip()] = value.strip()
    return pairs


def _networks(raw: str) -> tuple[Network, ...]:
    return tuple(ip_network(part) for part in _list(raw))


def _mode(raw: str) -> Mode:
    try:
        return Mode(raw.casefold())
    except ValueError:
        raise ValueError("demo, desk or connected") from None


_READERS = {
    "http_port": _port,
    "nlu_port": _port,
    "allowed_origins": _list,
    "trusted_proxies": _networks,
    "data_dir": Path,
    "territory_file": Path,
    "filing_mode": _mode,
    "webhook_secret": _list,
    "open311_services": _pairs,
    "open311_personal_data": _flag,
    "show_drafts": _flag,
}
