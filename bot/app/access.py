"""The one gate before a citizen's conversation or appeal."""

from __future__ import annotations

from enum import StrEnum

from bot.app.errors import AlreadyClaimed, NotPermitted
from bot.app.records import Conversation, Operator, Role


class Access(StrEnum):
    """What an operator wants with a conversation."""

    READ = "read"
    CLAIM = "claim"
    SPEAK = "speak"
    NOTE = "note"
    CORRECT = "correct"
    RELEASE = "release"


def access_conversation(operator: Operator, conversation: Conversation, wanted: Access) -> Conversation:
    """The conversation, if this operator may do that with it. Raises NotPermitted, AlreadyClaimed.

    Everybody signed in may read, note and correct a guess, and every look is audited; only the holder speaks and releases; a supervisor
    may release what another holds.
    """
    if not operator.active or operator.must_change:
        raise NotPermitted("the account must be activated by a password of its own first")
    mine = conversation.holder == operator.id
    match wanted:
        case Access.READ | Access.NOTE | Access.CORRECT:
            return conversation
        case Access.CLAIM if conversation.holder not in (None, operator.id):
            raise AlreadyClaimed(conversation.id)
        case Access.CLAIM:
            return conversation
        case Access.SPEAK if not mine:
            raise NotPermitted("only the holder speaks to the citizen")
        case Access.RELEASE if not mine and operator.role is Role.OPERATOR:
            raise NotPermitted("only the holder or a supervisor releases a conversation")
        case _:
            return conversation


def require(operator: Operator, *roles: Role) -> None:
    """Raises NotPermitted unless the operator has one of the roles and a password of their own."""
    if not operator.active or operator.must_change or operator.role not in roles:
        raise NotPermitted("the role does not allow it")
