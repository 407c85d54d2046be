"""Names a text without rendering it; only the shell's catalogues know the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = "str | int | float | date | datetime | Bilingual | Msg | tuple[Msg, ...]"


@dataclass(frozen=True, slots=True)
class Msg:
    """A catalogue key with its parameters. `count` chooses the plural form."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    count: int | None = None


def msg(key: str, **params: Value) -> Msg:  # type: ignore[valid-type]
    """Name a text; extraction finds the key by this function's name."""
    return Msg(key, params)


def nmsg(key: str, count: int, **params: Value) -> Msg:  # type: ignore[valid-type]
    """Name a text whose form depends on `count`, which it may also show as `{n}`."""
    return Msg(key, {**params, "n": count}, count)


def plain(text: str) -> Msg:
    """Text that is nobody's translation: a citizen's or an operator's own words."""
    return Msg("plain", {"text": text})
