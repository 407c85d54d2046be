"""`python -m bot` runs everything in one process; `python -m bot web|telegram|worker` runs a part."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
from dataclasses import replace

from bot import bootstrap
from bot.observability import configure
from bot.settings import Settings, SettingsError


def main(arguments: list[str]) -> int:
    """Exit codes: 0 stopped as asked, 2 wrong call or settings, 1 trouble."""
    parts = tuple(arguments) or bootstrap.PARTS
    if not set(parts) <= set(bootstrap.PARTS):
        sys.stderr.write(f"usage: python -m bot [{'|'.join(bootstrap.PARTS)}]\n")
        return 2
    try:
        settings, environ = Settings.from_environment()
    except SettingsError as error:
        sys.stderr.write(
            "The settings have problems:\n" + "".join(f"  {problem}\n" for problem in error.problems)
        )
        return 2
    configure(settings.log_format)
    if not settings.nlu_url and not settings.nlu_token:
        settings = replace(settings, nlu_token=secrets.token_urlsafe(24))
    try:
        asyncio.run(_run(settings, environ, parts))
    except (bootstrap.AlreadyRunning, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def _run(settings: Settings, environ: dict[str, str], parts: tuple[str, ...]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await bootstrap.run(settings, environ, parts, stop, _announce)


def _announce(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
