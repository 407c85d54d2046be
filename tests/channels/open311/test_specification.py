"""What the server publishes, held against the GeoReport v2 specification by a validator that knows nothing of us.

The schemas say what the tables of wiki.open311.org/GeoReport_v2 and Open311's own schema-validation say of each field:
which are required, of what type, which may be null. A field that the standard does not know is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest

from appeals import steps
from tests.app.other_systems import file_appeal
from tests.app.test_desk import EXECUTOR
from tests.channels.open311.conftest import Server

Schema = Mapping[str, Any]
STRING: Schema = {"type": "string"}
OPTIONAL: Schema = {"type": ["string", "null"]}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"anyOf": [MOMENT, {"type": "null"}]}
DEGREES: Schema = {"type": ["number", "null"]}


def listed(required: str, **properties: Schema) -> Schema:
    """An array of such objects."""
    row = {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }
    return {"type": "array", "items": row, "minItems": 1}


SERVICES = listed(
    "service_code service_name type",
    service_code=STRING,
    service_name=STRING,
    description=STRING,
    metadata={"type": "boolean"},
    type={"enum": ["realtime", "batch", "blackbox"]},
    keywords=STRING,
    group=STRING,
)
DEFINITION: Schema = {
    "type": "object",
    "required": ["service_code", "attributes"],
    "properties": {"service_code": STRING, "attributes": {"type": "array"}},
    "additionalProperties": False,
}
REQUESTS = listed(
    "service_request_id status service_code requested_datetime",
    service_request_id=STRING,
    status={"enum": ["open", "closed"]},
    status_notes=OPTIONAL,
    service_name=OPTIONAL,
    service_code=STRING,
    description={"type": ["string", "null"], "maxLength": 4000},
    agency_responsible=OPTIONAL,
    service_notice=OPTIONAL,
    requested_datetime=MOMENT,
    updated_datetime=MAYBE_MOMENT,
    expected_datetime=MAYBE_MOMENT,
    address=OPTIONAL,
    address_id=OPTIONAL,
    zipcode=OPTIONAL,
    lat=DEGREES,
    long=DEGREES,
    media_url=OPTIONAL,
)
ERRORS = listed("code description", code={"type": "integer"}, description=STRING)


async def _holds(server: Server, path: str, schema: Schema, status: int, *, key: bool = True) -> None:
    found, told, _ = await server.get(f"v2/{path}.json", key=key)
    assert found == status
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(told)


@pytest.mark.parametrize("registered", [False, True])
async def test_requests_are_as_the_standard_describes_them(server: Server, registered: bool) -> None:
    appeal = await file_appeal(server.product)
    if registered:
        await server.product.desk.act(EXECUTOR, appeal.id, steps.Register())
    await _holds(server, "requests", REQUESTS, 200)
    await _holds(server, f"requests/{appeal.reference}", REQUESTS, 200)


async def test_services_and_errors_are_as_the_standard_describes_them(server: Server) -> None:
    await _holds(server, "services", SERVICES, 200, key=False)
    await _holds(server, "services/UTIL.HEAT", DEFINITION, 200, key=False)
    await _holds(server, "services/none", ERRORS, 404, key=False)
    await _holds(server, "requests/KM-2026-999999", ERRORS, 404)
    await _holds(server, "requests", ERRORS, 403, key=False)
    await _holds(server, "tokens/1", ERRORS, 404)
