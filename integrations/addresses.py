"""Which addresses appeals may be sent to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


class AddressRefused(ValueError):
    """The configured address is none that personal data may be sent to."""


def check_address(url: str) -> str:
    """The address as it is. Raises AddressRefused unless it is https (http on this very machine) and nothing but an address."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise AddressRefused("must be a plain address like https://host/path, without login, ? and #")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise AddressRefused("must begin with https:// (http:// only on this machine)")
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
