"""Who may use which page of the console: route by route. A route that is not here is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.app.access import Operation, Reach, reach
from bot.app.errors import NotPermitted
from bot.app.records import Operator

PUBLIC = frozenset({"sign_in", "language", "static"})
"""Routes that need no session."""
OWN_ACCOUNT = frozenset({"home", "password", "sign_out", "live"})
"""Routes of everybody who is signed in."""
WITH_FIRST_PASSWORD = PUBLIC | {"password", "sign_out"}

WITH_FILES = frozenset({"act"})
"""Routes whose forms carry files."""

WITH_WORDS = frozenset({"act", "say", "note"})
"""Routes whose forms carry what somebody has written at length."""

NEEDED: Mapping[str, Operation] = MappingProxyType(
    {
        "conversations": Operation.LIST_CONVERSATIONS,
        "list_part": Operation.LIST_CONVERSATIONS,
        "conversation": Operation.READ_CONVERSATION,
        "conversation_part": Operation.READ_CONVERSATION,
        "conversation_file": Operation.READ_CONVERSATION,
        "conversation_file_shown": Operation.READ_CONVERSATION,
        "conversation_thumbnail": Operation.READ_CONVERSATION,
        "claim": Operation.TALK,
        "say": Operation.TALK,
        "note": Operation.TALK,
        "correct": Operation.TALK,
        "hand_back": Operation.TALK,
        "close": Operation.TALK,
        "appeals": Operation.SEARCH_APPEALS,
        "appeals_assign": Operation.ASSIGN,
        "appeals_search": Operation.SEARCH_APPEALS,
        "appeals_export": Operation.EXPORT_APPEALS,
        "functions": Operation.READ_FUNCTIONS,
        "appeal": Operation.READ_APPEAL,
        "act": Operation.READ_APPEAL,
        "appeal_file": Operation.READ_APPLICANT,
        "appeal_file_shown": Operation.READ_APPLICANT,
        "appeal_thumbnail": Operation.READ_APPLICANT,
        "appeal_signature": Operation.READ_APPLICANT,
        "consents": Operation.KEEP_CONSENTS,
        "consents_search": Operation.KEEP_CONSENTS,
        "withdrawals": Operation.KEEP_CONSENTS,
        "withdrawal": Operation.KEEP_CONSENTS,
        "reminders": Operation.READ_REMINDERS,
        "calendar": Operation.READ_CALENDAR,
        "calendar_add": Operation.KEEP_CALENDAR,
        "calendar_withdraw": Operation.KEEP_CALENDAR,
        "calendar_terms": Operation.KEEP_CALENDAR,
        "overview": Operation.READ_OVERVIEW,
        "deliveries": Operation.REVIVE,
        "all_again": Operation.REVIVE,
        "resend_appeal": Operation.REVIVE,
        "again": Operation.REVIVE,
        "send_anyway": Operation.REVIVE,
        "discard": Operation.REVIVE,
        "resend": Operation.REVIVE,
        "keys": Operation.MANAGE_KEYS,
        "revoke": Operation.MANAGE_KEYS,
        "accounts": Operation.MANAGE_ACCOUNTS,
        "reset": Operation.MANAGE_ACCOUNTS,
        "role": Operation.MANAGE_ACCOUNTS,
        "post": Operation.MANAGE_ACCOUNTS,
        "lock": Operation.MANAGE_ACCOUNTS,
        "unlock": Operation.MANAGE_ACCOUNTS,
    }
)
"""Route -> what it takes. The use case asks again, and for the very conversation or appeal."""


def check(operator: Operator, route: str | None) -> None:
    """Raises NotPermitted unless the route is for this operator's role."""
    if route in PUBLIC or route in OWN_ACCOUNT:
        return
    needed = NEEDED.get(route or "")
    if needed is None or reach(operator, needed) is Reach.NONE:
        raise NotPermitted(f"{route} is not for this role")
