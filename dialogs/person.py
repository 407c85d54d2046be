"""Who appeals, told in one message: name, number, telephone and address are parted by what they look like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, takewhile

from appeals.appeal import Capacity
from appeals.identifiers import check_bin, check_iin, find_phones, normalise_phone
from appeals.territory import Territory
from dialogs.messages import Msg, msg
from text.addresses import find_addresses
from text.letters import fold
from text.words import words

_NUMBER = re.compile(r"(?<![\d+])(?:\d{3}[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}|\d{11,13})(?!\d)")
"""An ИИН or БИН, or one with a digit too few or too many; also a telephone's eleven digits."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LABEL = re.compile(
    r"(?:^|(?<=[\s,;.]))(?:ф\.? ?и\.? ?о\.?|т\.? ?а\.? ?ә\.?|аты[- ]жөн\w*|аты[- ]жон\w*|иин|жсн|бин|бсн|тел\w*|ұялы|"
    r"ватсап|whatsapp|e-?mail|почта|байланыс\w*|моб\w*|сотов\w*|номер\w*|нөмір\w*|меня зовут|менің атым|"
    r"(?:моя |мой )?(?:мама|мать|отец|папа|бабушка|дедушка|сын|дочь|жена|муж|заявитель)(?=\s?:)|"
    r"(?:анам|шешем|әкем|апам|атам|әжем|ұлым|қызым|балам|әйелім|күйеуім|арыз иесі)(?=\s?:)|"
    r"(?:почтов\w+ |домашн\w+ |пошталық |мой )?адрес\w*|(?:пошталық )?мекен-?жай\w*)\s{0,2}[.:–—-]{0,2}(?=\s|$|\d|\+)",
    re.IGNORECASE,
)
_CUT = re.compile(r"[\n;,]+")
_ADDRESS_WORDS = (
    "коше", "улиц", "микрорай", "ыкшам", "дангыл", "проспект", "переул", "квартир", "поселк", "поселок",
    "аудан", "област", "облыс",
)  # fmt: skip
_ADDRESS_WHOLE = frozenset(
    fold(word)
    for word in """ул д дом дома үй үйі үйде кв кварт пәтер пәт мкр мкрн мк-н пр просп пер пос с г п к а обл р-н район
    района районе қала қаласы қаласында город города городе село села селе ауыл ауылы ауылында аул аулы кент кенті кентінде
    ш/а б/н көш бульвар тупик разъезд станция қыстақ жилмассив квартал""".split()
)
"""Whole words: as beginnings they would be surnames, too."""
SETTLEMENTS = frozenset({"city_rep", "city", "city_district", "town", "settlement", "village", "okrug"})
_SURE = 0.5
_SETTLEMENT = re.compile(
    r"(?<!\d)\d{6}(?!\d)|\b(?:г|с|п|пос|пгт|дер|ст|аул|село|город|деревня|станция|поселок|разъезд|кент|ауыл)\b\.? ?(?!\d)[^\W\d]{3,}"
    r"|[^\W\d]{3,} (?:(?:кала|ауыл|кент|кыстак|станция)(?:сы|ы|и|сында|ында|инде)?|аулы|а\.|к\.)(?!\w)"
)
_NAME_MARKS = re.compile(r"[-’'ʼ.]")
_ENTITY = re.compile(
    r"\b(?:тоо|жшс|ао|ақ|ип|жк|оси|миб|мкд|кск|пик|нпп|гу|мм|кгп|кмк|ргп|рмк|фонд\w*|қор\w*|қоғам\w*|обществ\w*|"
    r"серіктест\w*|товарищест\w*|кооператив\w*|колледж\w*|мектеп\w*|школ\w*|бірлест\w*|объединени\w*|шаруа\w*|"
    r"крестьянск\w*|кх|шқ|ооо|одк)\b",
    re.IGNORECASE,
)
_POSTS = frozenset(
    fold(word)
    for word in "директор директоры басшы басшысы руководитель председатель төраға төрағасы өкіл өкілі представитель".split()
)
_KIN = frozenset(
    fold(word)
    for word in """мать мама отец папа родитель дочь сын муж жена супруг супруга бабушка дедушка брат сестра внук внучка опекун
    попечитель соцработник адвокат юрист законный заңды""".split()
) | frozenset(
    fold(word + ending)
    for word in """анасы шешесі әкесі апасы атасы әжесі баласы ұлы қызы ағасы әйелі жұбайы күйеуі інісі қарындасы сіңлісі немересі
    қорғаншысы қамқоршысы адвокаты заңгері ата-анасы""".split()
    for ending in ("", "мын", "мін")
)
"""What may stand before a representative's name besides an office: «мать Сынақова Мысал»."""
_PATRONYMICS = frozenset(map(fold, ("қызы", "ұлы")))
"""Kin that behind a name is part of it."""
_PRONOUNS = frozenset(map(fold, "я мен его её ее их оның олардың моя мой менің".split()))
_AUTHORITY_CUT = re.compile(r"[,;\n(–—]+|\s-\s")
_BY_PROXY = re.compile(
    r"\bпо доверенности(?: № ?\S+)?(?: от (?:\d\d?\.\d\d\.\d{4}|\d\d? [а-я]+(?: \d{4}(?: года)?)?))?"
    r"|(?:№ ?\d+ )?\bсен[іи]мхат(?:\w* бойынша|пен)\b",
    re.IGNORECASE,
)
_SEPARATORS = " .,;:–—-()\t"


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says of the applicant; `problem`: a number in it that does not hold."""

    full_name: str | None = None
    organisation: str | None = None
    iin: str | None = None
    bin: str | None = None
    phone: str | None = None
    email: str | None = None
    postal_address: str | None = None
    problem: Msg | None = None

    def fields(self) -> dict[str, str]:
        """The fields that were told, by the names they have in `Applicant`."""
        names = ("full_name", "organisation", "iin", "bin", "phone", "email", "postal_address")
        return {name: value for name in names if (value := getattr(self, name))}


def applicant_in(text: str, territory: Territory, today: date, capacity: Capacity) -> Told:
    """Read the applicant from one message in any order, with or without commas and labels."""
    rest, told = _without_numbers(text, today, capacity)
    segments = [segment for segment in _segments(rest) if segment]
    entity = capacity is Capacity.ORGANISATION
    name, others = _entity_first(segments) if entity else _name_first(segments, territory)
    address = ", ".join(others)
    if name and not entity and told.iin is None and not _is_capital(name):
        name = None
    return replace(
        told,
        full_name=None if entity else name,
        organisation=name if entity else None,
        postal_address=address if is_address(address) else None,
    )


def is_of_entity(text: str, today: date) -> bool:
    """Whether a message names a legal entity with its БИН: then it speaks for that, whoever was asked for."""
    numbers = [found.group() for found in _NUMBER.finditer(text)]
    own = any(check_bin(number).ok and not check_iin(number, today).ok for number in numbers)
    return own and ("«" in text or _ENTITY.search(text) is not None)


def is_name(text: str) -> bool:
    """Two to five words of letters."""
    parts = text.split()
    return 2 <= len(parts) <= 5 and all(_NAME_MARKS.sub("", part).isalpha() for part in parts)


def is_written_as_name(text: str) -> bool:
    """Whether a text begins like a name: two words with a capital at least."""
    return len(text.split()) > 1 and _is_capital(" ".join(text.split()[:2]))


def _is_capital(name: str) -> bool:
    """Written like a name. Small letters are one only beside an ИИН: «не хочу» is two words of letters, too."""
    return all(part[0].isupper() for part in name.split())


def is_address(text: str) -> bool:
    """Two words at least, with a number or the name of a street or a place's kind among them."""
    spoken = words(text)
    named = any(len(word) > 1 and word.isalpha() for word in spoken)
    return (
        named and len(spoken) > 1 and (any(c.isdigit() for c in text) or any(map(_is_address_word, spoken)))
    )


def names_settlement(address: str, territory: Territory) -> bool:
    """Whether an address says in which settlement it is: a known one, one by the word for its type, one before a street.

    A postal code says it, too.
    """
    return (
        _SETTLEMENT.search(fold(address)) is not None
        or _stands_before_street(address)
        or any(
            match.place.type in SETTLEMENTS and match.score >= _SURE for match in territory.search(address)
        )
    )


def _stands_before_street(address: str) -> bool:
    """«Жаңа ауыл, Мира 5»: words alone, and behind them more than the number of a house."""
    parts = [part.strip(_SEPARATORS) for part in _CUT.split(address)]
    for part, behind in pairwise(parts):
        alone = part != "" and all(word.isalpha() for word in words(part))
        # «Зеренда» alone is the town, though it is the district's name, too.
        larger = any(map(_is_address_word, words(part)))
        named = alone and not larger and not find_addresses(part)
        if named and any(len(word) > 1 and not _is_address_word(word) for word in _letters(behind)):
            return True
    return False


def _letters(text: str) -> list[str]:
    return [word for word in words(text) if word.isalpha()]


def organisation_in(text: str) -> tuple[str | None, str | None]:
    """(name, БИН) of a legal entity told in one message; None for what is not there."""
    number: str | None = None
    for found in _NUMBER.finditer(text):
        if (check := check_bin(found.group())).ok:
            number, text = check.value, text[: found.start()] + text[found.end() :]
            break
    name = " ".join(_LABEL.sub(" ", text).split()).strip(_SEPARATORS)
    return (name if sum(c.isalpha() for c in name) > 1 else None), number


def representative_in(text: str, applicant: str = "") -> tuple[str | None, str | None]:
    """(name, authority) of «Сынақов Мысал, директор» and of «я мать, Сынақова Мысал»; None for what is not there.

    `applicant`: whom the text may name, too, and does not mean: «я мать Сынақова Үлгі, Сынақова Мысал».
    """
    rest, told, unclear = text, list[str](), False
    of_applicant: tuple[str, str | None] | None = None
    while rest:
        part, *others = (part.strip(_SEPARATORS) for part in _AUTHORITY_CUT.split(rest, maxsplit=1))
        rest = "".join(others)
        name, authority = _name_and_authority(part)
        if is_name(name) and (_is_capital(name) or not unclear):
            found = name, ", ".join(filter(None, (*told, authority, rest))) or None
            if not _is_same_name(name, applicant):
                return found
            of_applicant = of_applicant or found
        elif name and not (authority or told):
            break
        told.append(" ".join(word for word in part.split() if fold(word) not in _PRONOUNS))
        unclear = unclear or name != ""
    return of_applicant or (None, ", ".join(filter(None, told)) or None)


def _name_and_authority(part: str) -> tuple[str, str]:
    """What is left for a name, and the words around it that say by what right one represents."""
    proxy = _BY_PROXY.search(part)
    spoken = (part.replace(proxy.group(), " ") if proxy else part).split()
    before = [*takewhile(lambda word: fold(word) in _POSTS | _KIN | _PRONOUNS, spoken)]
    behind = [word for word in spoken[len(before) :] if fold(word) in _POSTS]
    name = [word for word in spoken[len(before) :] if word not in behind]
    while len(name) > 2 and fold(name[-1]) in (_KIN | _PRONOUNS) - _PATRONYMICS:
        behind.insert(0, name.pop())
    authority = [word for word in (*before, *behind) if fold(word) not in _PRONOUNS]
    return " ".join(name), " ".join((*authority, *([proxy.group()] if proxy else ())))


def _is_same_name(one: str, other: str) -> bool:
    """Whether two names are one in whatever case: «Сынақовой Үлгі» and «Сынақова Үлгі»."""
    pairs = [*zip(fold(one).split(), fold(other).split(), strict=False)]
    return bool(pairs) and all(
        a.startswith(b[: len(a) - 1]) or b.startswith(a[: len(b) - 1]) for a, b in pairs
    )


def _is_address_word(word: str) -> bool:
    return fold(word).startswith(_ADDRESS_WORDS) or fold(word).strip(".") in _ADDRESS_WHOLE


def _without_numbers(text: str, today: date, capacity: Capacity) -> tuple[str, Told]:
    """The text with its numbers cut out, and these."""
    told, spans = Told(), []
    for mail in _MAIL.finditer(text):
        told = replace(told, email=mail.group())
        spans.append(mail.span())
    for run in _NUMBER.finditer(text):
        if normalise_phone(run.group()) is None:
            told = _with_number(told, run.group(), today, capacity)
            spans.append(run.span())
    for start, end, number in find_phones(text):
        if not any(start < stop and begin < end for begin, stop in spans):
            told = replace(told, phone=told.phone or number)
            spans.append((start, end))
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}\n{text[end:]}"
    return text, told


def _with_number(told: Told, number: str, today: date, capacity: Capacity) -> Told:
    if capacity is Capacity.ORGANISATION:
        entity = check_bin(number)
        return replace(
            told,
            bin=entity.value or told.bin,
            problem=None if entity.ok else msg(f"form.bin_{entity.problem}"),
        )
    person = check_iin(number, today)
    return replace(
        told, iin=person.value or told.iin, problem=None if person.ok else msg(f"form.iin_{person.problem}")
    )


def _segments(text: str) -> Iterator[str]:
    for part in _CUT.split(_LABEL.sub("\n", text)):
        typed = " ".join(part.split())
        bare = typed.strip(_SEPARATORS)
        shortened = typed.endswith(f"{bare}.") and fold(bare.split(" ")[-1]) in _ADDRESS_WHOLE
        yield f"{bare}." if bare and shortened else bare


def _entity_first(segments: Sequence[str]) -> tuple[str | None, list[str]]:
    at = next((at for at, part in enumerate(segments) if _ENTITY.search(part) or "«" in part), None)
    if at is None:
        at = next((at for at, part in enumerate(segments) if not is_address(part)), None)
    if at is None:
        return None, list(segments)
    return segments[at], [part for other, part in enumerate(segments) if other != at]


def _name_first(segments: Sequence[str], territory: Territory) -> tuple[str | None, list[str]]:
    for at, part in enumerate(segments):
        name, rest = _name_and_rest(part, territory)
        if name:
            return name, [*segments[:at], *([rest] if rest else []), *segments[at + 1 :]]
    return None, list(segments)


def _name_and_rest(part: str, territory: Territory) -> tuple[str | None, str]:
    """A name at the beginning of a segment, parted from an address behind it where that begins."""
    spoken = part.split()
    beginning = min(_address_starts(part, spoken, territory), default=len(part))
    head, rest = part[:beginning].strip(_SEPARATORS), part[beginning:].strip(_SEPARATORS)
    named = is_name(head) and not any(map(_is_address_word, head.split()))
    return (head, rest) if named else (None, part)


def _address_starts(part: str, spoken: Sequence[str], territory: Territory) -> Iterator[int]:
    """Where an address may begin, behind the first two words: a surname may be a place's name, too."""
    earliest = len(" ".join(spoken[:2]))
    for match in territory.search(part):
        if match.start > earliest:
            yield match.start
    for mention in find_addresses(part):
        if mention.start > earliest:
            yield mention.start
    for found in re.finditer(r"\S+", part):
        if found.start() > earliest and (found.group()[0].isdigit() or _is_address_word(found.group())):
            yield found.start()
