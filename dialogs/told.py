"""What a citizen's own words say besides the matter: where it is, since when, which number to call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from appeals.appeal import REPRESENTED, Capacity, Draft
from appeals.identifiers import find_phones
from appeals.reference import find_reference
from appeals.territory import Territory
from dialogs.events import Event, UserSaid
from dialogs.numbered_streets import as_on_signs, number_before, without_streets
from text.addresses import find_addresses, find_crossing
from text.bilingual import Bilingual
from text.letters import fold, skeleton
from text.moments import days_lasted, find_moments, resolve
from text.tokens import Mention

_OWN_NUMBER = re.compile(
    r"(?:тел|байланыс|хабарлас|звон|связ|набер|whatsapp|ватсап|вацап|мой номер|номерим|номирим)\w*[^\d]{0,25}$"
)
_SAME_ADDRESS = re.compile(
    r"\b(?:то[тм]у? же (?:само\w+ )?адрес|этот же адрес|адрес (?:тот|этот) же|там же|(?:сол|осы) (?:мекен|адрес)|(?:сонда|осында) турам)"
)
_ENDING = 3
"""Letters by which the name of a street may differ from case to case."""
_SHORTEST_STREET = 3
_STREET_TYPES = frozenset(
    {"улица", "коше", "кошеси", "проспект", "дангылы", "переулок", "микрорайон", "тупик"}
)
_HOUSE_PART = re.compile(r"(?:корпус|блок|строение) \d+$")
_REACH = 40
_TO_THE_DAY = re.compile(r"today(-\d+)?|--\d\d-\d\d|\d{4}-\d\d-\d\d")
_TO_THE_HOUR_OR_DAY = re.compile(r"PT|P\d+D")
_LONGEST_DAYS = 3660
_SHORT_YEAR = re.compile(r"\s(\d\d)\s?г(?:ода?)?\b", re.IGNORECASE)
_SINCE = re.compile(r"\s+(?:бері|бойы)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"[.!?…\n]+(?=\s|$)")
_LEARNED = re.compile(
    r"\b(?:узнал|стало известно|ознаком|уведомил|вручил|билдим|билдик|белгили болды|хабардар|таныстырды|"
    r"(?=.*\b(?:ответ|отказ|решени|письм|уведомлени|смс|акт|протокол|постановлени|приказ))"
    r"(?:.*\b(?:получил|приш(?:ел|л[аои])))|"
    r"(?=.*\b(?:жауа[пб]|шешим|хат|хабарлама|каулы|акт|буйры[кг]))(?:.*\b(?:алдым|алдык|келди|тиди|тапсырды)))"
)
"""Learning, and getting the paper; not deciding: «отказали 5 ноября» does not say when the citizen heard of it."""
_REGISTRY_NUMBER = re.compile(r"\b[А-ЯЁӘҒҚҢӨҰҮІA-Z]{2}-20\d\d-\d{4,10}\b", re.IGNORECASE)
_FILING = r"\b(?:обращаюсь|пишу|подаю|прошу|жалуюсь|действую)\b"
_IN_NAME_OF = r"(?<!не )\b(?:от имени|от лица|в интересах)"
_SOMEBODY = (
    r"(?:(?:(?:моей|моего|мою|своей|своего|свою|несовершеннолетн\w+|малолетн\w+|пожил\w+|родн\w+) ){0,3}"
    r"(?:мам[ыу]|мать|матери|отца|пап[ыу]|родителя|бабушк[иу]|дедушк[иу]|сестр[ыу]|брата|доч[ьк][иу]?|дочери|сына|сыночка"
    r"|ребенка|внука|внучк[иу]|мужа|супруг[аиу]|жен[ыу]|сосед(?:а|к[иу]))"
    r"|(?:моих|своих) (?:(?:несовершеннолетних|малолетних|пожилых|родных|двоих|троих) ){0,2}"
    r"(?:детей|родителей|сыновей|дочерей|внуков|внучек|братьев|сестер|бабушек))\b"
)
"""One person, or several of the writer's own: «дети» in general are the public."""
_CAPACITIES = (
    (
        Capacity.ORGANISATION,
        re.compile(
            r"(?:от имени|от лица) (?:нашего |нашей )?(?:тоо|ип|ао|оси|кск|пт|организаци|компани|фирм|общества|кооператив)"
            r"|(?:жшс|тоо|ооо|ак|ао|миб|оси|компания\w*|уиым\w*|мекеме\w*)\W+(?:[^\W\d_]+\W+)?атынан"
            r"|(?:директор|руководител\w+|представитель) тоо|жшс[^.]{0,30}директоры"
            r"|^\W*(?:тоо|ооо|ао|ип|оси|кск) «[^»]{1,60}» (?:сообща|обраща|прос|заявля)",
        ),
    ),
    (
        Capacity.GROUP,
        re.compile(
            r"коллективн\w+ (?:обращени|жалоб|заявлени)"
            r"|(?:от имени|от лица) (?:всех |наших )?(?:жител|жильц|сосед|родител|собственник|женщин)"
            r"|(?:пишу|пишем|обращаюсь|обращаемся|прошу|жалуюсь) от (?:имени )?(?:всех|нас всех)\b|баримиздин атымыздан"
            r"|барлыгымыздын атымыздан|уиымдасып жаз|ужымдык (?:жолданым|шагым|отиниш|арыз)|(?:тургындар|ата-аналар|коршилер)\w* атынан",
        ),
    ),
    (
        Capacity.ANOTHER,
        re.compile(
            rf"по доверенности|сенимхат(?:пен|\w* (?:бойынша|аркылы|негизинде))"
            rf"|{_FILING} (?:[^\W\d_]+ ){{0,2}}{_IN_NAME_OF} {_SOMEBODY}|{_IN_NAME_OF} {_SOMEBODY}(?:\s?:| (?:[^\W\d_]+ )?{_FILING})"
            rf"|(?<!не )\b(?:пишу|обращаюсь|подаю) за {_SOMEBODY}"
            r"|(?:как|я|являюсь) законны[йм] представител|занды окили(?:мин| ретинде| боламын)"
            r"|\b(?:анам|шешем|акем|апам|атам|ажем|балам|балаларым|кызым|улым|аиелим|жубаиым|куиеуим|немерем|иним|карындасым|"
            r"агам|коршим)(?:нын|нин|дын|дин) (?:атынан|муддесин(?:де)?)"
            r"(?:\s?:| (?:[^\W\d_]+ ){0,3}(?:жаз(?!ыл)|жолда|отин|сура|шагым|корга(?!н)))",
        ),
    ),
)
"""Only what is said outright: «мы все без света» is one citizen's appeal."""
ALMATY = ZoneInfo("Asia/Almaty")


def day_of(event: Event) -> date:
    """The country's date at an event."""
    return event.at.astimezone(ALMATY).date()


def place_in(
    territory: Territory, text: str, event: Event | None = None, known: str | None = None
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
    """The first street a text names, with its house and flat: «Абай көшесі 15-12», or the corner where no house is told;
    None if there is none."""
    text = as_on_signs(text)
    named = [(match.start, match.end) for match in territory.search(text)]
    days = [moment for moment in _moments(text) if moment.kind == "date"]
    address: str | None = None
    told = set[str]()
    for mention in find_addresses(text, places=named):
        if mention.kind == "street":
            if any(day.start < mention.start < day.end for day in days):
                continue
            if address is not None:
                break
            address = number_before(text, mention.start) + mention.value
        elif address is not None and mention.kind not in told:
            told.add(mention.kind)
            address += _parted(address, mention, text)
    return address if "house" in told else find_crossing(text) or address


def _parted(address: str, mention: Mention, text: str) -> str:
    """A house or a flat with what parts it from the address before it.

    «Абай көшесі 12», but «микрорайон 5, 20»; «12-4», but «12 корпус 3, кв 4».
    """
    if mention.kind == "house":
        return f"{', ' if address[-1:].isdecimal() else ' '}{mention.value}"
    if _HOUSE_PART.search(address):
        return f", {text[mention.start : mention.end]}"
    return f"-{mention.value}"


def same_street(one: str, other: str) -> bool:
    """Whether two addresses name the same street and house, whatever the street's ending: «на улице Школьной, 14»."""
    (street, house), (other_street, other_house) = _street_and_house(one), _street_and_house(other)
    lengths = len(street), len(other_street)
    alike = max(min(lengths) - _ENDING, _SHORTEST_STREET)
    near = abs(lengths[0] - lengths[1]) <= _ENDING and street[:alike] == other_street[:alike]
    return bool(street and house) and house == other_house and near


def _street_and_house(address: str) -> tuple[str, str]:
    """A street's name without the word for its type, and the house; empty where it is not told."""
    told = {
        mention.kind: mention.value for mention in reversed(find_addresses(as_on_signs(address, asked=True)))
    }
    name = " ".join(word for word in told.get("street", "").split() if fold(word) not in _STREET_TYPES)
    return skeleton(name), told.get("house", "")


def means_the_same_address(text: str) -> bool:
    """Whether a text says that somebody's address is the one told before."""
    return _SAME_ADDRESS.search(fold(text)) is not None


def day_in(text: str, today: date) -> date | None:
    """The one past day a text names to the day; None if it names none or several, or one to come."""
    days = _days_in(text, today)
    return days[0] if len(days) == 1 and days[0] <= today else None


def past_days_in(text: str, today: date) -> tuple[date, ...]:
    """The past days a text names to the day, the last one first."""
    return tuple(sorted((day for day in _days_in(text, today) if day <= today), reverse=True))


def _moments(text: str) -> Sequence[Mention]:
    """Days and durations; a street called after a day is none."""
    return [_of_its_year(moment, text) for moment in find_moments(without_streets(text))]


def _of_its_year(moment: Mention, text: str) -> Mention:
    """«8 марта 24 года» is of 2024."""
    year = _SHORT_YEAR.match(text, moment.end) if moment.value.startswith("--") else None
    return moment._replace(end=year.end(), value=f"20{year[1]}{moment.value[1:]}") if year else moment


def _days_in(text: str, today: date) -> tuple[date, ...]:
    days = (
        resolve(moment.value, today)
        for moment in _moments(text)
        if moment.kind == "date" and _TO_THE_DAY.fullmatch(moment.value)
    )
    return tuple(dict.fromkeys(day for day in days if day is not None))


def learned_in(text: str, today: date) -> date | None:
    """The day on which the citizen says to have learned of what is complained of; None where that is not said."""
    learned = (sentence for sentence in _SENTENCES.split(text) if _LEARNED.search(fold(sentence)))
    return day_in(" ".join(learned), today)


def but_learned(text: str, today: date) -> str:
    """The text without the day of learning, where that is the one day it names: the matter need not last since then."""
    learned = learned_in(text, today)
    if learned is None or day_in(text, today) != learned:
        return text
    return ". ".join(
        _undated(sentence) if _LEARNED.search(fold(sentence)) else sentence
        for sentence in _SENTENCES.split(text)
    )


def _undated(sentence: str) -> str:
    for moment in reversed(_moments(sentence)):
        if moment.kind == "date":
            sentence = sentence[: moment.start] + sentence[moment.end :]
    return sentence


def began_in(text: str, today: date) -> date | None:
    """The day since which the matter lasts: the one past day a text names, or its one duration, counted in days."""
    moments = _moments(text)
    if any(moment.kind == "date" for moment in moments):
        return day_in(text, today)
    duration = _duration(moments)
    days = days_lasted(text, duration) if duration and _TO_THE_HOUR_OR_DAY.match(duration.value) else None
    return today - timedelta(days=days) if days is not None and days <= _LONGEST_DAYS else None


def lasts_in(text: str) -> str | None:
    """For how long the matter lasts, in the words of a text that names one duration and no day: «екі жылдан бері»."""
    moments = _moments(text)
    duration = _duration(moments)
    if duration is None or any(moment.kind == "date" for moment in moments):
        return None
    since = _SINCE.match(text, duration.end)
    return " ".join(text[duration.start : since.end() if since else duration.end].split())


def _duration(moments: Sequence[Mention]) -> Mention | None:
    """The one duration that is told; None where several are."""
    told = {moment.value: moment for moment in reversed(moments) if moment.kind == "duration"}
    return next(iter(told.values())) if len(told) == 1 else None


def since_told(draft: Draft) -> str | date | None:
    """Since when the matter lasts: as the citizen said it, else the day."""
    return f"«{draft.lasts}»" if draft.lasts else draft.began


def represented_by(draft: Draft) -> str:
    """Who files for the applicant and by what right: «Сынақова Мысал, мать»; empty where nobody does."""
    if draft.capacity not in REPRESENTED:
        return ""
    return ", ".join(filter(None, (draft.representative.full_name, draft.representative.authority)))


def earlier_in(text: str) -> str | None:
    """The number of an earlier appeal a text names: ours, or one of the registry's form «ЖТ-2026-01234567»."""
    found = _REGISTRY_NUMBER.search(text)
    return find_reference(text) or (found.group().upper() if found else None)


def capacity_in(text: str) -> Capacity | None:
    """For whom a text says it is written; None where it does not say so in so many words."""
    folded = fold(text)
    return next((capacity for capacity, pattern in _CAPACITIES if pattern.search(folded)), None)


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
