"""Logs: events with ids, codes and durations; never what a citizen wrote. Configured once, at start."""

from __future__ import annotations

import io
import logging
import sys
from typing import TextIO, cast

import structlog

QUIET = ("aiohttp.access", "aiogram", "apscheduler", "alembic", "sqlalchemy")


class _StandardError(io.TextIOBase):
    """Whatever standard error is when a line is written: tests put their own there."""

    def write(self, line: str) -> int:
        return sys.stderr.write(line)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(log_format: str) -> None:
    """`console` for people, `json` for machines. Tracebacks never show local variables, which may hold texts."""
    structured = log_format == "json"
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if structured
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=structured),
        *([structlog.processors.format_exc_info] if structured else []),
    ]
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _StandardError())),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        force=True,
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
