"""How far a share that was counted on some messages may be from the share on all messages."""

from __future__ import annotations

from math import sqrt

Z = 1.96
"""95 %."""


def wilson(right: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share; (0, 1) when nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share = right / of
    centre = share + Z * Z / (2 * of)
    spread = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, (centre - spread) / (1 + Z * Z / of)), min(1.0, (centre + spread) / (1 + Z * Z / of))
