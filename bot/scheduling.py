"""APScheduler as the ticker of the sweeps; what is due is in the database, not in the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.status_reports import StatusReports
from bot.app.sweeps import Sweeps

log = structlog.get_logger()


@asynccontextmanager
async def ticking(sweeps: Sweeps, status_reports: StatusReports) -> AsyncIterator[None]:
    """Run the sweeps for as long as the context is open; a running one is let finish."""
    running: set[asyncio.Task[int]] = set()
    scheduler = AsyncIOScheduler(
        timezone="Asia/Almaty", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
    )

    def every(sweep: Callable[[], Awaitable[int]], **trigger: int | str) -> None:
        async def job() -> None:
            task = asyncio.ensure_future(sweep())
            running.add(task)
            try:
                done = await asyncio.shield(task)
            except Exception:
                log.exception("sweep.failed", sweep=sweep.__name__)
                return
            finally:
                running.discard(task)
            if done:
                log.info("sweep.done", sweep=sweep.__name__, count=done)

        scheduler.add_job(job, id=sweep.__name__, **trigger)

    every(sweeps.recover, trigger="interval", seconds=10)
    every(status_reports.poll, trigger="interval", seconds=60)
    every(sweeps.offer_other_ways, trigger="interval", seconds=20)
    # Hourly in the day, not once: a process that was down at nine tells at ten. Nobody is written to at night.
    every(sweeps.watch_terms, trigger="cron", hour="9-20", minute="5")
    every(sweeps.forget, trigger="cron", hour="3", minute="20")
    every(sweeps.forget_deliveries, trigger="cron", hour="3", minute="50")
    every(sweeps.forget_wordings, trigger="cron", hour="3", minute="40")
    every(sweeps.forget_searches, trigger="interval", hours=1)
    every(sweeps.forget_strays, trigger="interval", hours=1)
    every(sweeps.reindex_appeals, trigger="interval", minutes=1)
    scheduler.start()
    try:
        yield
    finally:
        # shutdown(wait=True) would cancel running coroutine jobs.
        scheduler.pause()
        await asyncio.gather(*running, return_exceptions=True)
        scheduler.shutdown(wait=False)
