"""How tokens and secrets are kept: as keyed digests, so that a stolen database opens nothing."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from appeals.reference import normalise_secret


@dataclass(frozen=True, slots=True)
class Seal:
    """HMAC-SHA256 with the installation's key. An appeal's secret is short enough to be guessed from a plain digest."""

    key: bytes = field(repr=False)

    def of(self, secret: str) -> str:
        """The digest to keep, in hex."""
        return hmac.new(self.key, secret.encode(), hashlib.sha256).hexdigest()

    def same(self, told: str, mark: str) -> bool:
        """Whether two digests are the same; takes as long when they are not."""
        return hmac.compare_digest(told.encode(), mark.encode())

    def fits(self, told: str, kept: str) -> bool:
        """Whether what a person typed is the secret of an appeal; takes as long for a wrong one."""
        return hmac.compare_digest(self.of(normalise_secret(told) or ""), kept)
