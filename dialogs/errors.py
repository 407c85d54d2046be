"""What can go wrong in the core. Each of these is a bug in our code, never something a citizen did."""

from typing import ClassVar


class DialogError(Exception):
    """Base of the core's errors."""

    code: ClassVar[str] = "dialog_error"


class IllegalTransition(DialogError):
    """An event came that the conversation's phase does not allow."""

    code: ClassVar[str] = "illegal_transition"


class UnknownSchema(DialogError):
    """A stored state was written by a newer version of the product."""

    code: ClassVar[str] = "unknown_schema"
