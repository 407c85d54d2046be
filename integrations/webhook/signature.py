"""The signature of a message: HMAC-SHA256 over `timestamp.id.body`, as both sides compute it, in either direction."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

SCHEME = "v1"
TOLERANCE = 300
"""Seconds a receiver accepts between the time stamp and its own clock."""
ID, TIMESTAMP, SIGNATURE = "Komekshi-Id", "Komekshi-Timestamp", "Komekshi-Signature"
"""Names of the headers."""


def sign(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the signature's header: one signature a key, so that a key can be changed without a gap."""
    signed = b".".join((str(timestamp).encode(), message_id.encode(), body))
    return " ".join(f"{SCHEME}={hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()}" for key in keys)


def verify(
    keys: Sequence[str], message_id: str, timestamp: str, body: bytes, signature: str, now: float
) -> bool:
    """What a receiver does: any of the signatures by any of its keys, in constant time, and no old message."""
    if not timestamp.isdecimal() or len(timestamp) > 12 or abs(now - int(timestamp)) > TOLERANCE:
        return False
    told = [part.encode() for part in signature.split()[:4]]
    own = [part.encode() for part in sign(keys, message_id, int(timestamp), body).split()]
    return any(hmac.compare_digest(one, other) for one in told for other in own)
