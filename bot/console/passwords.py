"""Passwords of the console's accounts, hashed with Argon2id."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane. Tens of milliseconds on a server.
_MEMORY_KIB = 19_456
_PASSES = 2
_LANES = 1


class Argon2Hasher:
    """The `PasswordHasher` of `bot.app.operators`. Safe to share between threads."""

    def __init__(self, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=_LANES)
        self.of_nobody = self._hasher.hash(secrets.token_hex())

    def hash(self, password: str) -> str:
        """Parameters, salt and digest in one string."""
        return self._hasher.hash(password)

    def fits(self, password: str, hashed: str) -> bool:
        """Whether the password is the hashed one; a hash that is none fits nothing."""
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
