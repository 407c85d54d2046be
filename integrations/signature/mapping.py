"""NCANode's answers as ours. Pure; ValueError for an answer that is not as agreed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from integrations.signature.port import Signer, Verified


def verified(verification: Mapping[str, Any], extraction: Mapping[str, Any]) -> Verified:
    """From the answers of /cms/verify and /cms/extract."""
    return Verified(
        valid=_flag(verification, "valid"),
        content=_bytes(extraction.get("data")),
        signers=tuple(_signer(row) for row in _rows(verification.get("signers"))),
        answer=verification,
    )


def _signer(row: Mapping[str, Any]) -> Signer:
    """The first certificate is the one the signature names."""
    certificates = _rows(row.get("certificates"))
    if not certificates:
        raise ValueError("a signer without a certificate")
    certificate = certificates[0]
    subject = _object(certificate.get("subject"))
    stamp = row.get("tsp")
    return Signer(
        name=str(subject.get("commonName") or ""),
        iin=_number(subject.get("iin")),
        bin=_number(subject.get("bin")),
        valid=_flag(certificate, "valid"),
        revoked=any(_flag(row, "revoked") for row in _rows(certificate.get("revocations") or [])),
        for_signing=certificate.get("keyUsage") == "SIGN",
        not_before=_moment(certificate.get("notBefore")),
        not_after=_moment(certificate.get("notAfter")),
        stamped_at=_moment(stamp.get("genTime")) if isinstance(stamp, Mapping) else None,
    )


def _moment(value: object) -> datetime:
    """ISO 8601 with its zone, or milliseconds since 1970: both ways a Java service writes a Date."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC)
    if not isinstance(value, str):
        raise ValueError("a time is missing")  # noqa: TRY004 - a fault in data
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _number(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) == 12 and value.isdecimal() else None


def _flag(row: Mapping[str, Any], name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is no yes or no")  # noqa: TRY004
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("no content")  # noqa: TRY004
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("the content is no Base64") from error


def _rows(value: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise ValueError("a list of objects is missing")
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("an object is missing")  # noqa: TRY004
    return value
