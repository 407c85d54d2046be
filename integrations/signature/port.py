"""What the product asks of whoever checks signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature and the certificate it was made with, as the verifier found them.

    `valid`: the chain leads to the national authority and the signature fits the content. `iin` and `bin`: 12 digits of
    the subject. `for_signing`: the key may sign (not only authenticate). `stamped_at`: of the time stamp, if there is one.
    """

    name: str
    iin: str | None
    bin: str | None
    valid: bool
    revoked: bool
    for_signing: bool
    not_before: datetime
    not_after: datetime
    stamped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A signed message taken apart: what was signed, by whom; `answer` is the verifier's own, to be kept as evidence."""

    valid: bool
    content: bytes
    signers: tuple[Signer, ...]
    answer: Mapping[str, Any] = field(repr=False)


class SignatureVerifier(Protocol):
    """Takes a CMS (DER) with its content apart. Changes nothing, may be repeated."""

    async def verify(self, cms: bytes) -> Verified:
        """Raises ServiceRejected for what is no CMS with content, ServiceUnavailable, ServiceContractBroken."""
