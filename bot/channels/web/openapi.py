"""The description of the HTTP interface (OpenAPI 3.1), served by the running product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.web.options import WebOptions
from bot.channels.web.problems import STATUS
from dialogs.replies import Ask, Tone

_MESSAGE = {"$ref": "#/components/schemas/Message"}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The conversation's id.",
}
_UUID = {
    "type": "string",
    "format": "uuid",
    "description": "Made by the client; the same for every attempt to send the same thing.",
}


def document(options: WebOptions) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kömekshi web channel",
            "version": options.version,
            "description": "A citizen's conversation with the assistant. "
            "Live messages: WebSocket at /api/v1/ws, see docs/ws-protocol.md.",
        },
        "servers": [{"url": options.public_url}],
        "paths": {
            "/api/v1/conversations": {"post": _open()},
            "/api/v1/conversations/{id}/messages": {"get": _read(), "post": _say(options)},
            "/api/v1/conversations/{id}/files": {"post": _upload(options)},
            "/api/v1/conversations/{id}/files/{file}": {"get": _download()},
        },
        "components": {
            "securitySchemes": {
                "conversation": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token given when the conversation was opened.",
                }
            },
            "schemas": {"Message": _message(), "Said": _said(options), "Problem": _problem()},
        },
    }


def _open() -> dict[str, Any]:
    return {
        "operationId": "openConversation",
        "summary": "Open a conversation; its welcome is already said.",
        "requestBody": _json_body(
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "locale": {
                        "enum": ["kk", "ru", None],
                        "description": "Left out: the citizen chooses in the conversation.",
                    }
                },
            }
        ),
        "responses": {
            "201": _answer(
                {
                    "id": {"type": "string"},
                    "token": {"type": "string", "description": "Told once, kept hashed."},
                    "expires_at": {"type": "string", "format": "date-time"},
                    "messages": {"type": "array", "items": _MESSAGE},
                },
                "Opened.",
            ),
            **_refusals(400, 413, 415, 422, 429, 507),
        },
    }


def _read() -> dict[str, Any]:
    return {
        "operationId": "readMessages",
        "summary": "What was said after a sequence number, at most 200 messages.",
        "security": [{"conversation": []}],
        "parameters": [
            _ID,
            {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
        ],
        "responses": {
            "200": _answer(
                {"messages": {"type": "array", "items": _MESSAGE}, "more": {"type": "boolean"}}, "In order."
            ),
            **_refusals(401, 403, 404, 422),
        },
    }


def _say(options: WebOptions) -> dict[str, Any]:
    return {
        "operationId": "say",
        "summary": "Say something, press a button, share a place, give a command or open a draft's link.",
        "description": "Idempotent: same id and body get the stored answer, same id and another body 409. "
        f"At most {options.rules.messages_per_minute} a minute.",
        "security": [{"conversation": []}],
        "parameters": [_ID],
        "requestBody": _json_body({"$ref": "#/components/schemas/Said"}),
        "responses": {"200": _replies(), **_refusals(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 507)},
    }


def _upload(options: WebOptions) -> dict[str, Any]:
    fields = {"id": _UUID, "caption": {"type": "string"}, "file": {"type": "string", "format": "binary"}}
    schema = {"type": "object", "required": ["id", "file"], "properties": fields}
    return {
        "operationId": "sendFile",
        "summary": "Send one file.",
        "description": f"At most {options.rules.attachment_bytes} bytes. The replies say if it is taken.",
        "security": [{"conversation": []}],
        "parameters": [_ID],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}},
        "responses": {"200": _replies(), **_refusals(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 507)},
    }


def _download() -> dict[str, Any]:
    file = {"name": "file", "in": "path", "required": True, "schema": {"type": "string"}}
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "operationId": "getFile",
        "summary": "The file that came with a message: a receipt, a file of an answer.",
        "security": [{"conversation": []}],
        "parameters": [_ID, file],
        "responses": {
            "200": {"description": "To be saved under the name it bears.", "content": content},
            **_refusals(401, 403, 404),
        },
    }


def _message() -> dict[str, Any]:
    properties = {
        "seq": {"type": "integer", "minimum": 1, "description": "Grows; numbers may be left out."},
        "author": {"enum": ["citizen", "bot", "operator"]},
        "name": {"type": "string", "description": "An operator's name."},
        "text": {"type": "string", "description": "Plain text; paragraphs are parted by an empty line."},
        "buttons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "label"],
                "properties": {
                    "id": {"type": "string"},
                    "label": {"type": "string"},
                    "url": {
                        "type": "string",
                        "format": "uri",
                        "description": "A page of ours to open instead of pressing; it works once.",
                    },
                },
            },
        },
        "ask": {"enum": [ask.value for ask in Ask], "description": "What kind of input is waited for."},
        "tone": {"enum": [tone.value for tone in Tone]},
        "replaces": {
            "type": "boolean",
            "description": "May be shown in place of the step before, if the citizen wrote nothing since.",
        },
        "locale": {"enum": ["kk", "ru"]},
        "at": {"type": "string", "format": "date-time"},
        "event": {
            "type": ["string", "null"],
            "description": "The id of what the citizen sent: of this line, or of what it answers.",
        },
        "file": {
            "type": ["string", "null"],
            "description": "The id of a file that comes with this message: GET …/files/{file}.",
        },
        "ai": {"type": "boolean", "description": "True: written by a machine."},
    }
    return _object(properties)


def _said(options: WebOptions) -> dict[str, Any]:
    place = _object(
        {
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
        }
    )
    ways = {
        "text": {"type": "string", "minLength": 1, "maxLength": options.rules.message_limit},
        "button": {"type": "string", "description": "The id of a button, at most 64 bytes."},
        "place": place,
        "command": {"type": "string", "examples": ["help", "status KM-2026-000123", "cancel", "human"]},
        "link": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "The key of a link that carries a draft from another conversation here.",
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {"id": _UUID, **ways},
        "oneOf": [{"required": [way]} for way in ways],
    }


def _problem() -> dict[str, Any]:
    properties = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"enum": sorted(STATUS)},
        "detail": {
            "type": "string",
            "description": "What to do, in the language of Accept-Language (kk or ru).",
        },
    }
    more = {
        "field": {"type": "string"},
        "retry_after": {"type": "integer"},
        "length": {"type": "integer"},
        "limit": {"type": "integer"},
    }
    return {"type": "object", "required": list(properties), "properties": {**properties, **more}}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": dict(properties),
        "additionalProperties": False,
    }


def _json_body(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(properties: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _object(properties)}}}


def _replies() -> dict[str, Any]:
    return _answer({"replies": {"type": "array", "items": _MESSAGE}}, "What was said within this turn.")


def _refusals(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    names = {
        status: ", ".join(sorted(code for code, of in STATUS.items() if of == status)) for status in statuses
    }
    return {str(status): {"description": names[status], "content": content} for status in statuses}
