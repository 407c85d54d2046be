"""Personal numbers in free text: found and masked before anything is kept."""

from __future__ import annotations

import re

# Linear patterns: digits with at most one separator between groups; no nested quantifiers.
_IIN = re.compile(r"(?<!\d)\d{6}[ -]?\d{6}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")
_PHONE = re.compile(r"(?<![\d+])(?:\+7|8|7)[ -]?\(?7\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")


def mask_identity(text: str) -> str:
    """The text without identity and card numbers, which no appeal's text needs."""
    return _IIN.sub("••••••••••••", _CARD.sub("•••• •••• •••• ••••", text))


def redact(text: str) -> str:
    """The text without any personal number: also phones and mail addresses are masked."""
    return _EMAIL.sub("•••@•••", mask_identity(_PHONE.sub("+7 ••• •••", text)))
