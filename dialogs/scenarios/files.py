"""Files of a conversation: kept with the appeal under way; an album is answered once, a voice honestly not understood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appeals.appeal import Attachment
from dialogs.events import FileSent
from dialogs.messages import Msg, msg, nmsg
from dialogs.model import DialogState, Form, Outcome, Turn
from dialogs.privacy import mask_identity
from dialogs.replies import Say, say
from dialogs.rules import Rules
from dialogs.scenarios import buttons, form_flow

if TYPE_CHECKING:
    from dialogs.engine import Engine


def sent(engine: Engine, state: DialogState, event: FileSent) -> Turn:
    """Keep a file with the appeal under way, or say why it is not kept and what to do instead."""
    if event.attachment is None:
        return _refused(engine, state, event)
    if state.form is None and _is_voice(event.attachment):
        ways = (
            (buttons.RESUME, buttons.FILE, buttons.HUMAN) if state.paused else (buttons.FILE, buttons.HUMAN)
        )
        return Turn(state, Outcome.REFUSED_INPUT, (say(msg("voice.not_understood"), buttons=ways),))
    unchanged = state.form is not None and state.form.step != "preview"
    show = form_flow.remind if unchanged else form_flow.ask
    if state.form is None and state.paused:
        state = replace(state, form=state.paused[0], paused=state.paused[1:])
    form = _with_caption(state.form or Form(step="topic"), event.caption)
    form, told = _kept(engine.rules, form, event.attachment)
    state = replace(state, form=form)
    if event.more:
        return Turn(state, Outcome.FORM_STEP)
    shown = show(engine, state, event)
    return replace(shown, replies=(told, *shown.replies))


def _kept(rules: Rules, form: Form, attachment: Attachment) -> tuple[Form, Say]:
    """The form with the file, unless it has as many as it may, and what is said of it."""
    replacing = form.editing and form.step == "files" and "files" not in form.skipped
    kept = () if replacing else form.draft.attachments
    if len(kept) >= rules.attachments:
        return form, say(msg("input.file_count", count=len(kept)))
    form = replace(form, draft=replace(form.draft, attachments=(*kept, attachment)))
    form = form_flow.passed_by(form, "files") if replacing else form
    voice = msg("voice.kept") if form.step != "files" and _is_voice(attachment) else None
    return form, say(nmsg("form.file_taken", len(form.draft.attachments)), voice)


def _with_caption(form: Form, caption: str) -> Form:
    if not caption:
        return form
    essence = "\n".join(filter(None, (form.draft.text, mask_identity(caption))))
    return replace(form, draft=replace(form.draft, text=essence))


def _refused(engine: Engine, state: DialogState, event: FileSent) -> Turn:
    reply = say(refusal(engine.rules, event.refused), buttons=() if state.form else (buttons.MENU,))
    if state.form is None or event.more:
        return Turn(state, Outcome.REFUSED_INPUT, (reply,))
    shown = form_flow.remind(engine, state, event)
    return replace(shown, outcome=Outcome.REFUSED_INPUT, replies=(reply, *shown.replies))


def refusal(rules: Rules, reason: str) -> Msg:
    """Why a file was not taken and what to do, by a reason of FileRefused; batch: more at once than a form takes."""
    match reason:
        case "size":
            return msg("input.file_size", megabytes=rules.attachment_bytes // 1024**2)
        case "day":
            return msg("input.file_day", count=rules.files_a_day)
        case "batch":
            return msg("input.file_batch", count=rules.attachments)
        case _:
            return msg(f"input.file_{reason}")


def _is_voice(attachment: Attachment) -> bool:
    return attachment.media_type.startswith("audio/")
