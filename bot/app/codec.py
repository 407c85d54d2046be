"""Events as JSON for the inbox, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from appeals.appeal import Attachment
from appeals.lifecycle import Status
from appeals.matters import Matter
from dialogs import events

TYPES: Mapping[str, type[events.Event]] = {
    kind.__name__: kind
    for kind in (
        events.Started,
        events.UserSaid,
        events.ButtonPressed,
        events.CommandGiven,
        events.PlaceShared,
        events.ContactShared,
        events.FileSent,
        events.Unsupported,
        events.ApplicantGiven,
        events.AppealSigned,
        events.WaitExpired,
        events.MatterChanged,
    )
}
"""What may wait in an inbox. Operators' and the registry's events are worked at once, in their own transaction."""


def to_json(event: events.Event) -> dict[str, Any]:
    """Plain values. How a text is understood is left out: it is found when the event is worked."""
    data = asdict(event)
    for made in ("parse", "hits", "clauses", "said"):
        data.pop(made, None)
    return {**data, "type": type(event).__name__, "at": event.at.isoformat()}


def from_json(data: Mapping[str, Any]) -> events.Event:
    """Inverse of to_json. Raises KeyError for an event of an unknown type."""
    kind = TYPES[data["type"]]
    known = {field.name for field in fields(kind)}
    values = {name: value for name, value in data.items() if name in known}
    values["at"] = datetime.fromisoformat(data["at"])
    if kind is events.FileSent and values.get("attachment"):
        values["attachment"] = Attachment(**values["attachment"])
    if kind is events.ApplicantGiven:
        values["answers"] = tuple((name, answer) for name, answer in values["answers"])
    if kind is events.MatterChanged:
        follow = values["follow"]
        values["follow"] = events.FollowView(follow["id"], Matter(**follow["matter"]))
        values["status"] = Status(values["status"])
    return kind(**values)
