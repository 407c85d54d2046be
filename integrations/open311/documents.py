"""The documents of GeoReport v2 as plain values, in its two notations: JSON, and XML by the Spark convention."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

Row = Mapping[str, Any]

MEDIA_TYPES = {"json": "application/json", "xml": "text/xml"}
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""Elements that hold a list, and what its items are called in XML; in JSON they are arrays."""
_DEPTH = 12


class Malformed(ValueError):
    """Bytes that are no such document."""


def write(root: str, value: Sequence[Row] | Row, notation: str) -> bytes:
    """The document in UTF-8. `notation`: json or xml."""
    if notation == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    element = _element(root, value)
    return bytes(ElementTree.tostring(element, encoding="utf-8", xml_declaration=True))


def read(body: bytes, notation: str) -> list[Row]:
    """The rows of a document; a single one may come without its list. Raises Malformed."""
    value = _read_json(body) if notation == "json" else _read_xml(body)
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise Malformed("is no list of objects")
    return rows


def is_true(value: object) -> bool:
    """A flag, which XML writes as a word."""
    return value is True or str(value).strip().casefold() == "true"


def text_of(row: Row, name: str) -> str:
    """A field as text, whatever it is written as; empty where it is absent, null or no plain value."""
    value = row.get(name)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("is no JSON") from error


def _read_xml(body: bytes) -> Any:
    # Documents of the standard have no entities of their own; whoever sends some wants to harm.
    if b"<!" in body:
        raise Malformed("has declarations")
    try:
        return _plain(ElementTree.fromstring(body), 0)  # noqa: S314 - no entity gets this far
    except ElementTree.ParseError as error:
        raise Malformed("is no XML") from error


def _plain(element: ElementTree.Element, depth: int) -> Any:
    if depth > _DEPTH:
        raise Malformed("is nested too deeply")
    if element.tag in ITEMS:
        return [_plain(child, depth + 1) for child in element]
    if len(element):
        return {child.tag: _plain(child, depth + 1) for child in element}
    return (element.text or "").strip() or None


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, part) for key, part in value.items())
    elif isinstance(value, (list, tuple)):
        element.extend(_element(ITEMS[name], part) for part in value)
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else _printable(str(value))
    return element


def _printable(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ")
