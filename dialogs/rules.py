"""Every threshold, limit and period of the product's behaviour, in one object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Rules:
    """Confidences are calibrated: of the messages given 0.9, nine in ten are right.

    `act`, `offer`, `emergency` and `emergency_words` are what `make eval` reports at.
    """

    act: float = 0.75
    """From here on the best guess is acted upon; chosen on the risk and coverage table of docs/evaluation.md."""
    act_dialog: float = 0.5
    """Dialogue acts (thanks, cancel) cost little when wrong."""
    offer: float = 0.03
    """Guesses from here on are offered as buttons."""
    lead: float = 0.1
    """An acting guess must lead the next one by this much."""
    emergency: float = 0.3
    """A danger this probable is answered as one."""
    emergency_words: float = 0.05
    """So is one named by words of danger that is this probable. Without understanding the words decide alone."""
    consult: float = 0.1
    """A frequent question this likely is answered first where a topic's message asks for information."""
    offers: int = 3
    language: float = 0.75
    """Confidence from which a message changes the language of the answers."""
    essence_words: int = 4
    """A first message with at least so many words is taken as the appeal's text."""
    searched_words: int = 100
    """Without understanding topics are looked for in so many first words: all 4 000 letters take a quarter of a second."""
    essence_limit: int = 8000
    message_limit: int = 4000
    field_limit: int = 300
    attachments: int = 5
    attachment_bytes: int = 20 * 1024 * 1024
    """As much as Telegram lets a bot fetch: a minute of film, half an hour of speech."""
    files_a_day: int = 20
    misunderstood: int = 2
    """After so many messages not understood in a row a human is called."""
    wait_offer: timedelta = timedelta(minutes=10)
    """A citizen who waited so long for an operator is offered other ways."""
    place_distance_km: float = 60.0
    """A shared location farther from every known place is not guessed."""
    bodies_shown: int = 6
    nearby_people: int = 5
    """So many others must have reported the same before a citizen is told of them: nobody is to be recognised."""
    nearby_window: timedelta = timedelta(days=30)
    status_shown: int = 5
    repeats_looked_at: int = 20
    """So many earlier appeals of a person are compared with the one being filed."""
    office_opens: time = time(9, 0)
    office_closes: time = time(18, 30)
    status_attempts: int = 5
    status_window: timedelta = timedelta(minutes=10)
    status_ticket: timedelta = timedelta(minutes=30)
    """So long a status page that was opened stays usable without the secret."""
    messages_per_minute: int = 20
    conversations_per_hour: int = 30
    api_requests_per_minute: int = 60
    sign_in_attempts: int = 5
    sign_in_window: timedelta = timedelta(minutes=15)
    page_lifetime: timedelta = timedelta(minutes=30)
    """How long a one-time page can be used."""
    carry_lifetime: timedelta = timedelta(days=7)
    """A draft's link: from the computer at work to the telephone, or saved against its loss, is days; what opens a name and an
    ИИН must not lie about for the draft's own half a year."""
    pages_per_minute: int = 30
    conversation_token: timedelta = timedelta(days=90)
    """A citizen who comes back after an extended term (two months, art. 76 (3)) still finds their own conversation."""
    operator_session: timedelta = timedelta(hours=12)
    retention_conversation: timedelta = timedelta(days=180)
    retention_sample: timedelta = timedelta(days=180)
    retention_delivery: timedelta = timedelta(days=365)
    """A wording that may teach the assistant and that nobody has decided on."""
    parse_characters: int = 2000
