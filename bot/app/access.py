"""The one gate before citizens' conversations, appeals and the console's own matters: operation × role."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType

from appeals.lifecycle import Action
from bot.app.errors import AlreadyClaimed, NotPermitted
from bot.app.records import AppealRecord, Conversation, Operator, Role


class Operation(StrEnum):
    """What somebody at the console may want to do. Steps on an appeal are named after the life cycle's actions."""

    LIST_CONVERSATIONS = "conversation.list"
    READ_CONVERSATION = "conversation.read"
    TALK = "conversation.talk"
    RELEASE_OTHERS = "conversation.release_others"
    SEARCH_APPEALS = "appeal.search"
    EXPORT_APPEALS = "appeal.export"
    READ_APPEAL = "appeal.read"
    READ_APPLICANT = "appeal.read_applicant"
    REGISTER = "appeal.register"
    ASSIGN = "appeal.assign"
    START = "appeal.start"
    ASK_FIX = "appeal.ask_fix"
    SUPPLEMENT = "appeal.supplement"
    ACCEPT_FIX = "appeal.accept_fix"
    FORWARD = "appeal.forward"
    FORWARD_PART = "appeal.forward_part"
    HEARING = "appeal.hearing"
    PROTOCOL = "appeal.protocol"
    EXTEND = "appeal.extend"
    ANSWER = "appeal.answer"
    RETURN = "appeal.return"
    TERMINATE = "appeal.terminate"
    WITHDRAW = "appeal.withdraw"
    COMPLAIN = "appeal.complain"
    DECIDE_LATE = "appeal.decide_late"
    READ_REMINDERS = "reminder.read"
    READ_FUNCTIONS = "function.read"
    READ_CALENDAR = "calendar.read"
    KEEP_CALENDAR = "calendar.keep"
    KEEP_CONSENTS = "consent.keep"
    READ_OVERVIEW = "overview.read"
    REVIVE = "outbox.revive"
    MANAGE_ACCOUNTS = "account.manage"
    MANAGE_KEYS = "api_key.manage"


class Reach(IntEnum):
    """How far a permission goes. OWN: appeals one is the executor of, and their conversations."""

    NONE = 0
    OWN = 1
    ALL = 2


_, OWN, ALL = Reach
_TABLE: Mapping[Operation, tuple[Reach, Reach, Reach, Reach, Reach]] = MappingProxyType(
    {
        # An executor's work is the appeals assigned to them, the registry included: other people's data is not needed
        # for it. An operator tells a citizen where an appeal stands, and sees it without the person. To extend and to
        # terminate is the head's decision (art. 76 (3), 88). An administrator makes accounts, so could make any of
        # these; that the role may do all from the start lets an organisation of one begin.
        #                               operator  executor  registrar  supervisor  administrator
        Operation.LIST_CONVERSATIONS: (ALL, _, ALL, ALL, ALL),
        Operation.READ_CONVERSATION: (ALL, OWN, ALL, ALL, ALL),
        Operation.TALK: (ALL, _, ALL, ALL, ALL),
        Operation.RELEASE_OTHERS: (_, _, _, ALL, ALL),
        Operation.SEARCH_APPEALS: (ALL, OWN, ALL, ALL, ALL),
        Operation.EXPORT_APPEALS: (_, OWN, ALL, ALL, ALL),
        Operation.READ_APPEAL: (ALL, OWN, ALL, ALL, ALL),
        Operation.READ_APPLICANT: (_, OWN, ALL, ALL, ALL),
        Operation.REGISTER: (_, _, ALL, ALL, ALL),
        Operation.ASSIGN: (_, _, ALL, ALL, ALL),
        Operation.START: (_, _, ALL, ALL, ALL),
        Operation.ASK_FIX: (_, OWN, ALL, ALL, ALL),
        Operation.SUPPLEMENT: (_, OWN, ALL, ALL, ALL),
        Operation.ACCEPT_FIX: (_, OWN, ALL, ALL, ALL),
        Operation.FORWARD: (_, OWN, ALL, ALL, ALL),
        Operation.FORWARD_PART: (_, OWN, ALL, ALL, ALL),
        Operation.HEARING: (_, OWN, OWN, ALL, ALL),
        Operation.PROTOCOL: (_, OWN, OWN, ALL, ALL),
        Operation.EXTEND: (_, _, _, ALL, ALL),
        Operation.ANSWER: (_, OWN, OWN, ALL, ALL),
        Operation.RETURN: (_, OWN, ALL, ALL, ALL),
        Operation.TERMINATE: (_, _, _, ALL, ALL),
        Operation.WITHDRAW: (_, OWN, ALL, ALL, ALL),
        Operation.COMPLAIN: (_, _, ALL, ALL, ALL),
        Operation.DECIDE_LATE: (_, _, _, ALL, ALL),
        Operation.READ_REMINDERS: (_, ALL, ALL, ALL, ALL),
        Operation.READ_FUNCTIONS: (ALL, ALL, ALL, ALL, ALL),
        Operation.READ_CALENDAR: (ALL, ALL, ALL, ALL, ALL),
        Operation.KEEP_CALENDAR: (_, _, _, ALL, ALL),
        Operation.KEEP_CONSENTS: (_, _, _, ALL, ALL),
        Operation.READ_OVERVIEW: (_, _, _, ALL, ALL),
        Operation.REVIVE: (_, _, _, ALL, ALL),
        Operation.MANAGE_ACCOUNTS: (_, _, _, _, ALL),
        Operation.MANAGE_KEYS: (_, _, _, _, ALL),
    }
)
PERMISSIONS: Mapping[Operation, Mapping[Role, Reach]] = MappingProxyType(
    {operation: dict(zip(Role, row, strict=True)) for operation, row in _TABLE.items()}
)
"""Operation -> role -> how far."""

STEPS: Mapping[Action, Operation] = MappingProxyType(
    {action: Operation(f"appeal.{action.value}") for action in Action}
)
"""The permission a step of the life cycle needs."""


class Access(StrEnum):
    """What an operator wants with a conversation."""

    READ = "read"
    CLAIM = "claim"
    SPEAK = "speak"
    NOTE = "note"
    CORRECT = "correct"
    RELEASE = "release"


def reach(operator: Operator, operation: Operation) -> Reach:
    """How far the operator may do that; NONE until the account has a password of its own."""
    if not operator.active or operator.must_change:
        return Reach.NONE
    return PERMISSIONS[operation][operator.role]


def require(operator: Operator, operation: Operation) -> Reach:
    """How far the operator may do that. Raises NotPermitted when not at all."""
    found = reach(operator, operation)
    if found is Reach.NONE:
        raise NotPermitted(f"{operation.value} is not for this role")
    return found


def may(operator: Operator, appeal: AppealRecord, operation: Operation) -> bool:
    """Whether the operator may do that with this very appeal."""
    found = reach(operator, operation)
    return found is Reach.ALL or (found is Reach.OWN and appeal.executor_id == operator.id)


def access_appeal(operator: Operator, appeal: AppealRecord, operation: Operation) -> AppealRecord:
    """The appeal, if this operator may do that with it. Raises NotPermitted."""
    if not may(operator, appeal, operation):
        raise NotPermitted(f"{operation.value} is not for this role, or the appeal is another's")
    return appeal


def access_conversation(
    operator: Operator, conversation: Conversation, wanted: Access, appeals: tuple[AppealRecord, ...] = ()
) -> Conversation:
    """The conversation, if this operator may do that with it. Raises NotPermitted, AlreadyClaimed.

    Every look is audited by the caller; only the holder speaks and releases; a supervisor may release what another
    holds. `appeals`: those filed in it; the executor of one may read the conversation.
    """
    if wanted is Access.READ:
        if require(operator, Operation.READ_CONVERSATION) is Reach.OWN and not any(
            may(operator, appeal, Operation.READ_CONVERSATION) for appeal in appeals
        ):
            raise NotPermitted("no appeal of this conversation is assigned to them")
        return conversation
    require(operator, Operation.TALK)
    mine = conversation.holder == operator.id
    match wanted:
        case Access.CLAIM if conversation.holder not in (None, operator.id):
            raise AlreadyClaimed(conversation.id)
        case Access.SPEAK if not mine:
            raise NotPermitted("only the holder speaks to the citizen")
        case Access.RELEASE if not mine and reach(operator, Operation.RELEASE_OTHERS) is Reach.NONE:
            raise NotPermitted("only the holder or a supervisor releases a conversation")
        case _:
            return conversation
