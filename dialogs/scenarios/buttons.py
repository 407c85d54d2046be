"""Buttons that several scenarios show."""

from dialogs.messages import msg
from dialogs.replies import Button

HUMAN = Button(msg("button.human"), "human.ask")
MENU = Button(msg("button.menu"), "menu.open")
FILE = Button(msg("button.file"), "filing.start")
QUESTIONS = Button(msg("button.questions"), "menu.questions")
TOPICS = Button(msg("button.topics"), "menu.topics")
STATUS = Button(msg("button.status"), "status.open")
DATA = Button(msg("button.data"), "data.open")
ALLOW_LEARNING = Button(msg("button.allow_learning"), "learning.ask")
STOP_LEARNING = Button(msg("button.stop_learning"), "learning.withdraw")
LANGUAGE = Button(msg("button.language"), "language.ask")
WHY = Button(msg("button.why"), "why.open")
BACK = Button(msg("button.back"), "filing.back")
CANCEL = Button(msg("button.cancel"), "filing.cancel")
RESUME = Button(msg("button.resume"), "filing.resume")
KAZAKH = Button(msg("button.kazakh"), "language.set", "kk")
RUSSIAN = Button(msg("button.russian"), "language.set", "ru")


def file_other(topic: str) -> Button:
    """Goes on with the other matter of a story just filed: it is the first of those laid aside."""
    return Button(msg("button.file_other"), "filing.resume", f"0.{topic}")


def discard(topic: str) -> Button:
    """Discards the draft on that topic: pressed twice, not also the one that comes next."""
    return Button(msg("button.discard"), "filing.discard", topic)


def carry(draft: str = "") -> Button:
    """Lets a draft go on elsewhere, of several the one so named."""
    return Button(msg("button.carry"), "carry.ask", draft)


def details(reference: str) -> Button:
    """Shows an appeal closely: the way so far, what comes next, the receipt."""
    return Button(msg("button.details"), "details.open", reference)


def again(reference: str) -> Button:
    """File an appeal that came back or was taken back once more."""
    return Button(msg("button.again"), "again", reference)


def complain(reference: str) -> Button:
    """Start a complaint made ready from an earlier appeal."""
    return Button(msg("button.complain"), "complain", reference)
