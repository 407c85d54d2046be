"""The signature of a delivery: HMAC-SHA256 over `timestamp.id.body`, as both sides compute it."""

from __future__ import annotations

import hashlib
import hmac

SCHEME = "v1"
TOLERANCE = 300
"""Seconds a receiver should accept between the time stamp and its own clock."""


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header `Komekshi-Signature`."""
    signed = b".".join((str(timestamp).encode(), message_id.encode(), body))
    return f"{SCHEME}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def verify(secret: str, message_id: str, timestamp: int, body: bytes, signature: str, now: int) -> bool:
    """What a receiver does: constant-time comparison, and no old deliveries."""
    return abs(now - timestamp) <= TOLERANCE and hmac.compare_digest(
        sign(secret, message_id, timestamp, body), signature
    )
