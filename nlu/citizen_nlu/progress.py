"""Progress lines of training, said by whichever component is at work: «[3/6] … , 4.1 s»."""

from __future__ import annotations

import logging
import time

LOGGER = logging.getLogger("citizen_nlu.progress")
STEPS = ("examples", "words", "features", "classifier", "calibration", "language")

_last = time.monotonic()


def restart() -> None:
    """Begins counting the time of the first step."""
    global _last
    _last = time.monotonic()


def done(step: str, what: str) -> None:
    """Logs that one of STEPS is done, with its number and the seconds since the last."""
    now = time.monotonic()
    LOGGER.info("[%d/%d] %s (%.1f s)", STEPS.index(step) + 1, len(STEPS), what, now - _last)
    restart()
