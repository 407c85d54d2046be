"""What use cases refuse, and what channels may fail with.

AppError
  StaleState            somebody else changed the conversation first          -> tried again
  AlreadyClaimed        another operator holds the conversation
  NotPermitted          wrong token, wrong role, not the holder
  NotFound              no such conversation, appeal, operator
  EventConflict         the same event id came with another body
  WrongAction           the appeal's or conversation's state does not allow it
  InvalidInput(field)   a field that cannot be taken
  FileRefused(reason)   a citizen's file that cannot be taken
  TooMany(retry_after)  a rate limit
  NoRoom                the disk is full: nothing was kept            -> tried again
  PageGone              the one-time page is unknown, expired or used
  SignatureRefused(why) a signature that does not hold
  ChannelError
    RecipientGone       blocked or deleted: never tried again
    RateLimited(retry_after)
    ChannelUnavailable  network or server trouble: tried again
    MessageRefused      the channel will never take this message
"""

from typing import ClassVar

from dialogs.effects import PageKind
from text.bilingual import Bilingual


class AppError(Exception):
    """Base of all; `code` is stable and is what surfaces map."""

    code: ClassVar[str] = "error"


class StaleState(AppError):
    """The version read is not the version stored any more."""

    code: ClassVar[str] = "stale"


class AlreadyClaimed(AppError):
    """One conversation has one holder."""

    code: ClassVar[str] = "already_claimed"


class NotPermitted(AppError):
    """The token, the role or the holder is not the right one."""

    code: ClassVar[str] = "not_permitted"


class NotFound(AppError):
    """No such thing, or none that the asker may know of."""

    code: ClassVar[str] = "not_found"


class EventConflict(AppError):
    """An event id may come twice only with the same body."""

    code: ClassVar[str] = "event_conflict"


class WrongAction(AppError):
    """What is asked does not fit the state; `told` says to a person what is possible instead."""

    code: ClassVar[str] = "wrong_action"

    def __init__(self, why: str, told: Bilingual | None = None) -> None:
        self.told = told
        super().__init__(why)


class InvalidInput(AppError):
    """A field cannot be taken; `field` names it, the text says why, `told` says it to a person."""

    code: ClassVar[str] = "invalid_input"

    def __init__(self, field: str, why: str, told: Bilingual | None = None) -> None:
        self.field = field
        self.told = told
        super().__init__(f"{field}: {why}")


class FileRefused(AppError):
    """A file that cannot be taken; `reason` names the sentence a citizen is told: `input.file_<reason>`.

    empty, size, day (too many in a day), unavailable, type (not allowed), broken (cut short, damaged), huge (unpacks to too much),
    active (holds a program), archive, heic, old_office, locked (a password).
    """

    code: ClassVar[str] = "file_refused"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TooMany(AppError):
    """A rate limit; try again after `retry_after` seconds."""

    code: ClassVar[str] = "too_many"

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"retry after {retry_after:.0f} s")


class NoRoom(AppError):
    """The disk is full. Nothing of what was to be kept is; once there is room, the same succeeds."""

    code: ClassVar[str] = "no_room"


class PageGone(AppError):
    """A one-time page that cannot be used; `used` tells whether that is because it was, `kind` what it was for."""

    code: ClassVar[str] = "page_gone"

    def __init__(self, *, used: bool = False, kind: PageKind | None = None) -> None:
        self.used = used
        self.kind = kind
        super().__init__("used" if used else "unknown or expired")


class SignatureRefused(AppError):
    """The signature does not hold; `why` is the name of a rule of `bot.app.signing`."""

    code: ClassVar[str] = "signature_refused"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class ChannelError(AppError):
    """Base of what delivery can fail with."""

    code: ClassVar[str] = "channel_error"


class RecipientGone(ChannelError):
    """The citizen blocked the bot or deleted the account."""

    code: ClassVar[str] = "recipient_gone"


class RateLimited(ChannelError):
    """The channel asks to wait `retry_after` seconds."""

    code: ClassVar[str] = "rate_limited"

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"retry after {retry_after:.0f} s")


class ChannelUnavailable(ChannelError):
    """The channel cannot be reached now."""

    code: ClassVar[str] = "channel_unavailable"


class MessageRefused(ChannelError):
    """The channel refuses this very message and always will."""

    code: ClassVar[str] = "message_refused"
