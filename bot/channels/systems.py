"""Where other systems report how appeals stand: POST /integrations/<system>/status, signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from aiohttp import hdrs, web

from bot.app.errors import StaleState
from bot.app.ports import RateLimiter
from bot.app.records import ReportOutcome
from bot.app.status_reports import StatusReports
from integrations.errors import ReportMalformed, ReportRefused
from integrations.ports import Connector, Reports

log = structlog.get_logger()

BODY_LIMIT = 64 * 1024
REFUSED_LIMIT = 60
"""Unsigned messages a minute from one address: nobody honest sends many."""


def setup(
    app: web.Application,
    *,
    connectors: Mapping[str, Connector],
    status_reports: StatusReports,
    limiter: RateLimiter,
    source: Callable[[web.Request], str],
) -> None:
    """Mount the way back of every connected system that reports by itself."""

    async def report(request: web.Request) -> web.Response:
        system = request.match_info["system"]
        connector = connectors.get(system)
        if not isinstance(connector, Reports):
            return _problem(404, "unknown_system", "no such system is connected here")
        body = await _body(request)
        if body is None:
            return _problem(413, "too_large", f"a report has at most {BODY_LIMIT} bytes")
        try:
            told = connector.read_report(request.headers, body)
            outcome = await status_reports.take(system, told)
        except ReportRefused:
            log.warning("report.refused", system=system)
            wait = await limiter.hit(
                f"report:{source(request)}", limit=REFUSED_LIMIT, window=timedelta(minutes=1)
            )
            if wait is not None:
                return _problem(429, "too_many", "too many unsigned messages", retry_after=wait)
            return _problem(401, "not_signed", "the signature does not fit, or is older than five minutes")
        except ReportMalformed as error:
            log.warning("report.malformed", system=system, report=error.message_id, detail=error.detail)
            await status_reports.refuse(system, error.message_id)
            return _problem(400, "malformed", error.detail)
        except (StaleState, TimeoutError):
            return _problem(503, "busy", "send the same report again", retry_after=2)
        if outcome is ReportOutcome.UNKNOWN:
            return _problem(404, "unknown_reference", "no such appeal was sent to this system")
        return web.json_response({"outcome": outcome.value}, headers={hdrs.CACHE_CONTROL: "no-store"})

    app.router.add_post("/integrations/{system}/status", report)


async def _body(request: web.Request) -> bytes | None:
    """None for more than a report can have."""
    content = bytearray()
    async for chunk in request.content.iter_chunked(BODY_LIMIT):
        content += chunk
        if len(content) > BODY_LIMIT:
            return None
    return bytes(content)


def _problem(status: int, code: str, detail: str, *, retry_after: float | None = None) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    if retry_after is not None:
        headers[hdrs.RETRY_AFTER] = str(max(1, round(retry_after)))
    return web.json_response(
        {"type": "about:blank", "status": status, "code": code, "detail": detail},
        status=status,
        headers=headers,
        content_type="application/problem+json",
    )
