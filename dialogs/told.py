"""What a citizen's own words say besides the matter: where it is, since when, which number to call."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from appeals.deadlines import complaint_filing
from appeals.identifiers import find_phones
from appeals.territory import Territory
from dialogs.events import CitizenEvent, Event, UserSaid
from text.addresses import find_addresses
from text.bilingual import Bilingual
from text.letters import fold
from text.moments import find_moments, resolve

_OWN_NUMBER = re.compile(
    r"(?:тел|байланыс|хабарлас|звон|связ|набер|whatsapp|ватсап|вацап|мой номер|номерим|номирим)\w*[^\d]{0,25}$"
)
_REACH = 40
ALMATY = ZoneInfo("Asia/Almaty")


def day_of(event: Event) -> date:
    """The country's date at an event."""
    return event.at.astimezone(ALMATY).date()


def place_in(
    territory: Territory, text: str, event: CitizenEvent | None = None, known: str | None = None
) -> str | None:
    """The КАТО code of the place a text names: as understood, else as searched.

    None if there is none, or if namesakes leave it open. `known`: a place the citizen named before.
    """
    if isinstance(event, UserSaid) and event.parse:
        for entity in event.parse.entities:
            if entity.kind == "place" and territory.find(entity.value):
                return entity.value
    found = territory.search(text, limit=2, known=known)
    open_ = len(found) > 1 and found[0].score == found[1].score and found[0].start == found[1].start
    return found[0].place.code if found and not open_ else None


def address_in(territory: Territory, text: str) -> str | None:
    """The first street a text names, with its house and flat: «Абай көшесі 15-12»; None if there is none."""
    named = [(match.start, match.end) for match in territory.search(text)]
    address: str | None = None
    for mention in find_addresses(text, places=named):
        if mention.kind == "street":
            if address is not None:
                break
            address = mention.value
        elif address is not None:
            address += f" {mention.value}" if mention.kind == "house" else f"-{mention.value}"
    return address


def since_in(text: str, today: date) -> date | None:
    """The one past day a text names; None if it names none or several, or one so old that its term must be asked about."""
    days = {resolve(moment.value, today) for moment in find_moments(text) if moment.kind == "date"}
    day = days.pop() if len(days) == 1 else None
    return day if day is not None and day <= today <= complaint_filing(day).on else None


def own_phone_in(text: str) -> str | None:
    """The first number a text asks to be called at, as «+77…»; numbers merely told of are not one's own."""
    folded = fold(text)
    for start, _, number in find_phones(folded):
        if _OWN_NUMBER.search(folded, max(start - _REACH, 0), start):
            return number
    return None


def whole_address(territory: Territory, place: str | None, address: str | None) -> Bilingual | None:
    """Place and address as one line; None where neither is known."""
    if place is None:
        return Bilingual(address, address) if address else None
    label = territory.label(place)
    return Bilingual(f"{label.kk}, {address}", f"{label.ru}, {address}") if address else label
