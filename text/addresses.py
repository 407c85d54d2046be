"""Streets, houses and flats a message names, in both languages and every spelling.

Kinds: "street" – the name with its type written out («улица Ауэзова», «Абай көшесі», «микрорайон Самал-2»), as typed, but
«на улице Школьной» is «улица Школьная»; "house" – «15», «10/1», «5А», «12 корпус 2»; "flat" – «12».
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from text.letters import skeleton
from text.tokens import (
    OWNED_CASES,
    Mention,
    Token,
    is_joined,
    is_one_of,
    keyed,
    look_up,
    tokens,
    with_suffixes,
)

# Types that stand before a name (or, in Russian, now and then after it).
_RUSSIAN_TYPES = {
    skeleton(form): kind
    for kind, forms in {
        "улица": "улица улицы улице улицу улицей ул",
        "проспект": "проспект проспекта проспекте проспекту пр просп пркт",
        "переулок": "переулок переулка переулке пер",
        "бульвар": "бульвар бульвара бульваре",
        "микрорайон": "микрорайон микрорайона микрорайоне микрорайону микр мкр мкрн мкрне мрн",
        "шоссе": "шоссе",
        "набережная": "набережная набережной набережную",
        "проезд": "проезд проезда проезде",
    }.items()
    for form in forms.split()
}
# Short forms written with a hyphen, by their two halves.
_HYPHENED = {
    ("пр", "т"): "проспект",
    ("б", "р"): "бульвар",
    ("мкр", "н"): "микрорайон",
    ("м", "н"): "микрорайон",
    ("пр", "кт"): "проспект",
}
# An adjective agrees with its type, «на улице Школьной»; a surname stays as it is, «на улице Маметовой».
_OBLIQUE = {
    "улица": keyed("улицы улице улицу улицей ул"),
    "набережная": keyed("набережной набережную"),
    "переулок": keyed("переулке"),
    "проезд": keyed("проезде"),
    "проспект": keyed("проспекте"),
    "бульвар": keyed("бульваре"),
    "микрорайон": keyed("микрорайоне"),
}
_OF_SURNAMES = keyed("крупской ковалевской космодемьянской")
# Садовой, Береговой; Молдагуловой is a surname.
_NO_SURNAMES = "сад|пол|луг|берег|парк|порт|завод|кольц|берез|берёз|сосн|клен|клён|топол|вишн"
_NOMINATIVES = tuple(
    (re.compile(rf"(\w*(?:{stem})){ending}", re.IGNORECASE), nominative)
    for stem, ending, nominative in (
        (rf"[^иы\W]н|ск|цк|(?:{_NO_SURNAMES})[оеё]в|\bнов", "ой", "ая"),
        (r"[^иы\W]н|ск|цк|[оеё]в|\bнов", "ую", "ая"),
        (r"\wн", "(?:ей|юю)", "яя"),
        (rf"[^иы\W]н|(?:{_NO_SURNAMES})[оеё]в|\bнов", "ом", "ый"),
        (r"ск|цк", "ом", "ий"),
    )
)
_SHORT = keyed("ул пр просп пркт пер микр мкр мкрн мкрне мрн")
_DISTRICTS = frozenset({"микрорайон", "шағын аудан", "шағын ауданы", "шағынауданы"})

# Types that stand behind a name.
_KAZAKH_TYPES = (
    {skeleton("көш"): "көшесі"}
    | {
        key: stem
        for stem in (
            "көшесі",
            "даңғылы",
            "тұйығы",
            "бульвары",
            "орамы",
            "шағынауданы",
            "ықшамауданы",
            "мөлтекауданы",
        )
        for key in with_suffixes(stem, OWNED_CASES)
    }
    | dict.fromkeys(with_suffixes("данғылы", OWNED_CASES) | with_suffixes("данылы", OWNED_CASES), "даңғылы")
)
# к-сі, ш/а, ш.а.
_SHORTENED = {("к", "си"): "көшесі", ("к", "синде"): "көшесі", ("ш", "а"): "шағын ауданы"}
_SMALL = {skeleton("шағын"): "шағын", skeleton("ықшам"): "ықшам", skeleton("мөлтек"): "мөлтек"}
_AREAS = dict.fromkeys(with_suffixes("ауданы", OWNED_CASES), "ауданы") | dict.fromkeys(
    with_suffixes("аудан", "да дан ға ның дың дағы".split()), "аудан"
)
_JOINED_AREA = {
    key: stem
    for stem in ("шағынаудан", "ықшамаудан", "мөлтекаудан")
    for key in with_suffixes(stem, "да дан ға ның дың дағы".split())
}

_HOUSE_BEFORE = keyed("дом дома доме дому д үй")
_HOUSE_AFTER = with_suffixes("үй", "де ден ге дің ді дегі і інде інің ініңдегі".split()) | keyed(
    "дом дома доме"
)
_FLAT_BEFORE = keyed("кв квартира квартиры квартире пәтер пәт пат")
_FLAT_AFTER = with_suffixes("пәтер", "де ден ге дің ді дегі і інде демін денмін".split()) | keyed(
    "пәтердемін кв квартира"
)
# Parts of a house with one number.
_PARTS = {
    key: part
    for part, forms in {"корпус": "корпус корп", "блок": "блок", "строение": "строение стр"}.items()
    for key in keyed(forms)
}
_SQUARES = keyed("м метр метра метров")
_ORDINAL = keyed("ші шы й ый ой я")
# What a house does not have in front of: 9 этажей, 12 квартир, 15 лет.
_NO_HOUSE = tuple(
    sorted(
        keyed(
            "этаж подъезд квартир қабат лет жыл год күн дн апта недел ай месяц час сағат минут мин тг "
            "тенг теңг мың тысяч тыс млн миллион человек адам бала жас км метр шт процент пайыз раз рет "
            "класс сынып градус семей отбас квадрат ребен детей"
        )
    )
)
_MONTHS = tuple(
    sorted(
        keyed(
            "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүй қазан қараш желтоқ январ феврал "
            "март апрел мая июн июл август сентябр октябр ноябр декабр"
        )
    )
)
_SECOND = keyed(
    "би хан хана батыр батыра батир жолы ана ата ақын акына жырау сал сері ел апа атындағы молда қажы баба "
    "шешен күйші маркса рысқұлов рыскулова люксембург невского казахстана қазақстан независимости победы "
    "октября"
)
_STOP = keyed(
    "осы сол бұл мына біздің сіздің барлық бір қай басты негізгі әр көп ауыл қала село мен сен ол біз сіз "
    "олар және да де ғой су жол үй кеше бүгін на по в во из от до и или а с со у к не нет дом д кв эта "
    "этой эту этот нашей наша нашу нашем все всю вся той своей другой первая центральных соседней второй "
    "где что как там тут здесь после улица мекенжайым мекенжай адрес адресім адресі город г село қаласы "
    "ауданы ауылы область облысы район кенті үйіміз тұрамын тұрам живу живем проживаю бойы бойында "
    "бойынша"
)
_CASE_KEYS = tuple(sorted(keyed("да де та те дан ден тан тен нда нде ның нің дың дің тың тің ға ге қа ке")))
_ADJECTIVE = ("ский", "ская", "ное", "ной", "ном", "ный", "ная", "ской", "ском", "ого")
# Streets that nearly every town has, named without the word for it: «Абая 15».
_WELL_KNOWN = keyed(
    "абая абай ауэзова әуезов сейфуллина сейфуллин сатпаева сәтбаев назарбаева назарбаев гагарина гагарин "
    "ленина ленин мира победы жеңіс достық достык байтурсынова байтұрсынов момышулы момышұлы валиханова "
    "уәлиханов алтынсарина алтынсарин кенесары республики республика панфилова панфилов пушкина пушкин "
    "гоголя гоголь жамбыла жамбыл джамбула манаса розыбакиева жандосова тимирязева тәуелсіздік тұран "
    "сарыарқа сарыарка сарайшық сығанақ алаш наурыз желтоқсан желтоксан бейбітшілік советская ломоносова "
    "иманова ауэзов толстого чехова горького фурманова маметовой мәметова молдагуловой молдағұлова "
    "курмангазы құрмангазы құрманғазы шевченко айтиева естая торайгырова космонавтов металлургов "
    "строителей шахтеров независимости казыбек қазыбек толе төле богенбай бөгенбай кабанбай қабанбай "
    "райымбека райымбек раимбека мәңгілік бұқар бухар жібек жибек аль әл каблиса аблай абылай абылайхана"
)
# Behind a name they make a street of it where a house follows: «Ағыбай батыр 20».
_TITLES = keyed("би хан хана батыр батыра батир ақын акына жырау сал шешен")
_PREPOSITIONS = keyed("на по ул с от")
# Words of names that begin with a number: 8 Марта, 40 лет Победы, 30-летия Победы.
_YEARS = keyed("лет жыл")
_LETIYA = keyed("летия")
_NUMBERED = _YEARS | _LETIYA | keyed("марта мая августа")
_KNOWN = _WELL_KNOWN | _SECOND
_HOUSE_WORDS = keyed("дом д")
_UI = keyed("үй")
# Two streets that meet: «на углу улиц Абая и Мира», «Абай мен Мира көшелерінің қиылысында».
_NAME = r"[А-ЯЁӘҒҚҢӨҰҮІ][\w-]+(?:\s(?:би|хана?|батыра?|жырау|сал)\b)?"
_STREET_OF_TWO = r"(?i:(?:улиц[аы]?|ул\.?|проспект(?:ов|а)?|пр\.)\s+)?"
_CROSSING = re.compile(
    rf"(?i:(?<!\bв )\b(?:угол|углу|перекр[её]ст\w+|пересечени\w+))\s+(?P<ru>{_STREET_OF_TWO}{_NAME}\s*(?:\sи\s|/|\s[-–]\s)\s*"
    rf"{_STREET_OF_TWO}{_NAME})"
    rf"|(?P<kk>{_NAME}\s(?:мен|пен|бен|және)\s{_NAME})\sкөшелерінің\s(?:қиылыс|бұрыш)"
)
_LONGEST_NAME = 4
_LONGEST_HALF = 3
_NUMBER_GAP = re.compile(r"[ \t\u00a0,.:№#\-–—]{0,5}")
_MARK = re.compile("[\u0300-\u036f]")
_DASH = frozenset({"-", "–", "—"})


def find_addresses(
    text: str,
    words: Sequence[Token] | None = None,
    taken: Sequence[tuple[int, int]] = (),
    places: Sequence[tuple[int, int]] = (),
) -> list[Mention]:
    """Streets, houses and flats in order.

    `taken`: characters that are something else already, a date say. `places`: where places seem to be named: no part of a
    longer name, but «Сарыарка 15» is a street all the same.
    """
    return _Reader(text, tokens(text) if words is None else words, taken, places).all()


def find_crossing(text: str) -> str | None:
    """The first two streets that a text says to meet, in words: «угол улиц Абая и Мира»; None if there are none."""
    found = _CROSSING.search(text)
    if found is None:
        return None
    if found["kk"]:
        return f"{found['kk']} көшелерінің қиылысы"
    return f"угол {' '.join(found['ru'].split())}"


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(
        self,
        text: str,
        words: Sequence[Token],
        taken: Sequence[tuple[int, int]],
        places: Sequence[tuple[int, int]],
    ) -> None:
        self.text = text
        self.words = words
        self.caseless = not any(ch.isupper() for ch in text) or not any(ch.islower() for ch in text)
        self.taken = self._tokens_of(taken)
        self.barred = self.taken | self._tokens_of(places)
        self.found: list[Mention] = []
        self.free_from = 0
        """Tokens before this one belong to a mention already."""

    def _tokens_of(self, taken: Sequence[tuple[int, int]]) -> frozenset[int]:
        spans = iter(sorted(taken))
        span = next(spans, None)
        covered = set()
        for at, word in enumerate(self.words):
            while span is not None and span[1] <= word.start:
                span = next(spans, None)
            if span is not None and span[0] < word.end:
                covered.add(at)
        return frozenset(covered)

    def all(self) -> list[Mention]:
        at = 0
        while at < len(self.words):
            street = None if at in self.taken else self._street(at)
            if street is None:
                numbered = None if at in self.taken else self._alone(at)
                at = numbered if numbered else at + 1
                self.free_from = at if numbered else self.free_from
                continue
            first, end, value = street
            self._add("street", first, end, value)
            self.free_from = at = max(self._numbers(end), end)
        return self.found

    def _add(self, kind: str, first: int, end: int, value: str) -> None:
        self.found.append(Mention(kind, self.words[first].start, self.words[end - 1].end, value))

    def _is(self, at: int, table: frozenset[str]) -> bool:
        return 0 <= at < len(self.words) and is_one_of(self.words[at], table)

    def _gap(self, at: int) -> str:
        return self.text[self.words[at - 1].end : self.words[at].start] if 0 < at < len(self.words) else "\n"

    def _typed(self, first: int, end: int) -> str:
        return " ".join(self.text[self.words[first].start : self.words[end - 1].end].split())

    def _capital(self, at: int) -> bool:
        return not self.caseless and self.text[self.words[at].start].isupper()

    # --- streets ---

    def _street(self, at: int) -> tuple[int, int, str] | None:
        """(first token, token behind the last, value)."""
        kind, name_at = self._russian_type(at)
        if kind:
            return (
                self._numbered_before(at, name_at, kind)
                or self._named_after(at, name_at, kind)
                or self._named_before(at, name_at, kind)
            )
        kazakh = self._kazakh_type(at)
        if kazakh:
            return self._kazakh(at, *kazakh)
        return self._well_known(at)

    def _halves(self, at: int, marks: str) -> tuple[str, str]:
        """The keys of a short word and its neighbour joined by one of the marks; empty for others."""
        word = self.words[at]
        if (
            word.end - word.start > _LONGEST_HALF
            or at + 1 >= len(self.words)
            or self._gap(at + 1) not in marks
        ):
            return "", ""
        return "".join(word.keys[:1]), "".join(self.words[at + 1].keys[:1])

    def _russian_type(self, at: int) -> tuple[str | None, int]:
        hyphened = _HYPHENED.get(self._halves(at, "-"))
        if hyphened:
            return hyphened, at + 2
        # A lone mark parts a word that is no word of its own then.
        whole = _MARK.search(self._gap(at)) is None
        return look_up(self.words[at], _RUSSIAN_TYPES) if whole else None, at + 1

    def _named_after(self, at: int, name_at: int, kind: str) -> tuple[int, int, str] | None:
        end = self._name_from(name_at, kind, short=self._is(at, _SHORT))
        if end <= name_at:
            return None
        name = self._typed(name_at, end)
        agrees = end == name_at + 1 and self._is(at, _OBLIQUE.get(kind, frozenset()))
        return (
            at,
            end,
            f"{kind} {_nominative(name) if agrees and not self._is(name_at, _OF_SURNAMES) else name}",
        )

    def _numbered_before(self, at: int, end: int, kind: str) -> tuple[int, int, str] | None:
        """14 мкр, 4-й микрорайон."""
        last = at - 1
        number = last - 1 if self._is(last, _ORDINAL) and self._gap(last) in {"-", ""} else last
        if (
            kind != "микрорайон"
            or number < self.free_from
            or last in self.barred
            or self._gap(at) not in {" ", "-", ""}
        ):
            return None
        word = self.words[number]
        return (number, end, f"{word.folded} {kind}") if word.is_number and len(word.folded) <= 3 else None

    def _named_before(self, at: int, end: int, kind: str) -> tuple[int, int, str] | None:
        """Каратальский микрорайон."""
        first = at - 1
        if first < self.free_from or first in self.barred or self._gap(at) != " " or not self._capital(first):
            return None
        if not self.words[first].folded.endswith(_ADJECTIVE) or self._is(first, _STOP):
            return None
        return first, end, f"{self._typed(first, first + 1)} {kind}"

    def _name_from(self, at: int, kind: str, *, short: bool) -> int:
        """The token behind the name that begins at `at`; `at` when none does."""
        if (
            at >= len(self.words)
            or at in self.barred
            or not is_joined(self.text, self.words[at - 1], self.words[at])
        ):
            return at
        end = at
        if self.words[at].is_number:
            return self._numbered_name(at, kind)
        while end < len(self.words) and end - at < _LONGEST_NAME and self._continues(at, end):
            end += 1
        if end == at:
            return at
        if kind in _DISTRICTS:
            end = self._with_its_number(end)
        sure = self._capital(at) or self._is(at, _WELL_KNOWN) or self._house_at(end) is not None
        return end if sure or short else at

    def _numbered_name(self, at: int, kind: str) -> int:
        """8 Марта, 40 лет Победы; a micro-district may have nothing but a number."""
        end = at + 1
        if end < len(self.words) and self._is(end, _LETIYA) and self._gap(end) == "-":
            end += 1
        small = len(self.words[at].folded) <= 3
        joined = end < len(self.words) and self._gap(end) in {" ", "-"}
        if small and joined and (self._is(end, _NUMBERED) or self._capital(end)):
            end += 1
            while (
                end < len(self.words)
                and end - at < _LONGEST_NAME
                and self._gap(end) == " "
                and self._capital(end)
            ):
                end += 1
            return end
        if kind == "микрорайон" and len(self.words[at].folded) <= 3:
            return at + 1
        return at

    def _with_its_number(self, end: int) -> int:
        """Самал-2; «аксай 3» only where the house follows with its word."""
        if end >= len(self.words) or not self.words[end].is_number or len(self.words[end].folded) > 2:
            return end
        if self._gap(end) in _DASH:
            return end + 1
        typed_house = (
            self._is(end + 1, _HOUSE_WORDS)
            and self.words[end + 2 : end + 3]
            and self.words[end + 2].is_number
        )
        return end + 1 if self._gap(end) == " " and typed_house else end

    def _continues(self, first: int, at: int) -> bool:
        """Whether token `at` belongs to the name begun at `first`."""
        word = self.words[at]
        if word.is_number or at in self.barred or self._is(at, _STOP):
            return False
        if at > first and self._gap(at) == "-":
            return True
        if look_up(word, _RUSSIAN_TYPES):
            return False
        if at == first:
            return len(word.folded) > 1 or self.text[word.end : word.end + 1] == "."
        gap = self._gap(at)
        if len(self.words[at - 1].folded) == 1 and gap.strip() == ".":
            return True
        if gap != " " or self._is(at, _HOUSE_AFTER):
            return False
        return self._is(at, _SECOND) or (self._capital(at) and self._capital(at - 1))

    def _kazakh_type(self, at: int) -> tuple[str, int] | None:
        """The type that ends a Kazakh name at token `at`, and the token behind it."""
        kind = look_up(self.words[at], _KAZAKH_TYPES) or look_up(self.words[at], _JOINED_AREA)
        if kind:
            return kind, at + 1
        shortened = _SHORTENED.get(self._halves(at, "-/."))
        if shortened:
            return shortened, at + 2
        small = look_up(self.words[at], _SMALL)
        if small and at + 1 < len(self.words) and self._gap(at + 1) == " ":
            area = look_up(self.words[at + 1], _AREAS)
            return (f"{small} {area}", at + 2) if area else None
        return None

    def _kazakh(self, at: int, kind: str, end: int) -> tuple[int, int, str] | None:
        before = at - 1
        if (
            before < self.free_from
            or before in self.barred
            or not is_joined(self.text, self.words[before], self.words[at])
        ):
            return None
        number = before - 1 if self._is(before, _ORDINAL) and self._gap(before) in {"-", ""} else before
        if number >= self.free_from and self.words[number].is_number:
            area = kind.removesuffix("ы") if kind.endswith("ауданы") else kind
            return (number, end, f"{self.words[number].folded} {area}") if "аудан" in kind else None
        if kind.endswith("аудан"):
            return None
        first = self._name_back(before, end)
        return (first, end, f"{self._typed(first, before + 1)} {kind}") if first is not None else None

    def _name_back(self, last: int, end: int) -> int | None:
        """The first token of the name that ends with token `last`."""
        if self._is(last, _STOP) or self._has_case(last):
            return None
        first = last
        while (
            first - 1 >= self.free_from and last - first < _LONGEST_NAME - 1 and self._leads(first - 1, first)
        ):
            first -= 1
        known = any(self._is(at, _KNOWN) for at in range(first, last + 1))
        return (
            first
            if self._capital(first) or known or self.caseless or self._house_at(end) is not None
            else None
        )

    def _leads(self, at: int, following: int) -> bool:
        """Whether token `at` begins a longer name with the token that follows it."""
        word = self.words[at]
        if at in self.barred or self._gap(following) not in {" ", "-", ". ", "."}:
            return False
        if word.is_number:
            return self._is(following, _YEARS) and self._gap(following) == " "
        if self._is(following, _YEARS) or self._is(at, _YEARS):
            return self._is(at, _YEARS) and self._capital(following)
        if self._is(at, _STOP) or self._has_case(at):
            return False
        if self._gap(following) == "-":
            return True
        if self._gap(following).strip() == ".":
            return len(word.folded) == 1
        return self._is(following, _SECOND) or (self._capital(at) and self._capital(following))

    def _has_case(self, at: int) -> bool:
        keys = self.words[at].keys
        return any(key.endswith(_CASE_KEYS) and len(key) > 5 for key in keys) and not self._is(at, _KNOWN)

    def _well_known(self, at: int) -> tuple[int, int, str] | None:
        """«Абая 15», «на Толе би 93», «по Толстого 88 кв. 41»: nothing but a name and a house."""
        word = self.words[at]
        if word.is_number or len(word.folded) < 4 or self._is(at, _STOP):
            return None
        known = self._is(at, _WELL_KNOWN)
        titled = self._capital(at) and self._gap(at + 1) == " " and self._is(at + 1, _TITLES)
        genitive = self._capital(at) and word.folded.endswith(("а", "я", "ой", "ого", "ов", "ева", "ых"))
        if not known and not titled and not genitive:
            return None
        end = at + 1
        while (
            end < len(self.words)
            and self._gap(end) in {" ", "-"}
            and self._is(end, _SECOND)
            and end not in self.taken
        ):
            end += 1
        house = self._house_at(end)
        if house is None or self._gap(end).strip(" ") not in ("", ","):
            return None
        told = self._is(at - 1, _PREPOSITIONS) or self._flat_at(house[1]) is not None or "/" in house[0]
        if titled or (known and (self._capital(at) or told or self.caseless)):
            return at, end, self._typed(at, end)
        return (at, end, self._typed(at, end)) if told and self._is(at - 1, _PREPOSITIONS) else None

    # --- houses and flats ---

    def _numbers(self, at: int) -> int:
        """House and flat right behind a street; the token behind them."""
        house = self._house_at(at)
        if house is None:
            return at
        value, end = house
        part = self._part_at(end)
        if part:
            value, end = f"{value} {part[0]}", part[1]
        self._add("house", at, end, value)
        flat = self._flat_at(end) or self._flat_after_dash(end)
        if flat is None:
            return end
        first, value, behind = flat
        self._add("flat", first, behind, value)
        return behind

    def _house_at(self, at: int) -> tuple[str, int] | None:
        """(house, token behind it) right behind token `at` - 1."""
        if not 0 < at < len(self.words) or at in self.taken or not _NUMBER_GAP.fullmatch(self._gap(at)):
            return None
        number = at
        if (
            self._is(at, _HOUSE_BEFORE)
            and at + 1 < len(self.words)
            and _NUMBER_GAP.fullmatch(self._gap(at + 1))
        ):
            number = at + 1
        value, end = self._house_number(number)
        if value is None or number in self.taken:
            return None
        if end < len(self.words) and self._is(end, _ORDINAL) and self._gap(end) in {"-", ""}:
            end += 1
        if end < len(self.words) and self._gap(end) in {" ", "-", ""} and self._is(end, _HOUSE_AFTER):
            return value, end + 1
        if (
            number == at
            and end < len(self.words)
            and self._gap(end).strip(" -") == ""
            and self._measures(end)
        ):
            return None
        return value, end

    def _part_at(self, at: int) -> tuple[str, int] | None:
        """(«корпус 2», token behind it) right behind a house: «корпус 2», «3-корпус»."""
        for named, numbered in ((at, at + 1), (at + 1, at)):
            if (
                max(named, numbered) < len(self.words)
                and (part := look_up(self.words[named], _PARTS))
                and self.words[numbered].is_number
                and len(self.words[numbered].folded) <= 2
                and all(_NUMBER_GAP.fullmatch(self._gap(token)) for token in (at, at + 1))
            ):
                return f"{part} {int(self.words[numbered].folded)}", at + 2
        return None

    def _measures(self, at: int) -> bool:
        return any(
            key.startswith(_NO_HOUSE) or key.startswith(_MONTHS) for key in self.words[at].keys
        ) and not self._is(at, _FLAT_AFTER)

    def _counts(self, at: int) -> bool:
        """Whether the number before token `at` counts something: «в квартире 14 градусов»."""
        return at < len(self.words) and self._gap(at) == " " and self._measures(at)

    def _house_number(self, at: int) -> tuple[str | None, int]:
        """15, 5а, 10/1, 17/7б: the value and the token behind it."""
        if at >= len(self.words) or not self.words[at].is_number or len(self.words[at].folded) > 4:
            return None, at
        value, end = self._lettered(at)
        if (
            end < len(self.words)
            and self._gap(end) == "/"
            and self.words[end].is_number
            and len(self.words[end].folded) <= 3
        ):
            part, end = self._lettered(end)
            value = f"{value}/{part}"
        return value, end

    def _lettered(self, at: int) -> tuple[str, int]:
        value, end = str(int(self.words[at].folded)), at + 1
        if (
            end < len(self.words)
            and len(self.words[end].folded) == 1
            and self._gap(end) in {"", "-"}
            and not self.words[end].is_number
        ):
            return value + self.text[self.words[end].start].upper(), end + 1
        return value, end

    def _flat_at(self, at: int) -> tuple[int, str, int] | None:
        """(first token, flat, token behind it) at token `at`."""
        if at >= len(self.words) or at in self.taken or (at and not _NUMBER_GAP.fullmatch(self._gap(at))):
            return None
        if self._is(at, _FLAT_BEFORE):
            number = at + 1
            if (
                number < len(self.words)
                and self.words[number].is_number
                and len(self.words[number].folded) <= 4
                and _NUMBER_GAP.fullmatch(self._gap(number))
                and not self._counts(number + 1)
            ):
                return at, str(int(self.words[number].folded)), number + 1
            return None
        if self.words[at].is_number and len(self.words[at].folded) <= 4:
            end = at + 1
            if self._is(end, _ORDINAL) and self._gap(end) == "-":
                end += 1
            squares = self._is(end, _FLAT_BEFORE) and self._is(end + 1, _SQUARES)
            if self._is(end, _FLAT_AFTER) and self._gap(end) in {" ", "-", ""} and not squares:
                return at, str(int(self.words[at].folded)), end + 1
        return None

    def _flat_after_dash(self, at: int) -> tuple[int, str, int] | None:
        """«19-5» behind a street is house and flat."""
        if (
            at < len(self.words)
            and self._gap(at) in _DASH
            and self.words[at].is_number
            and len(self.words[at].folded) <= 4
        ):
            return at, str(int(self.words[at].folded)), at + 1
        return None

    def _alone(self, at: int) -> int | None:
        """A house or a flat that says so itself; the token behind it."""
        flat = (
            self._flat_at(at)
            if self._is(at, _FLAT_BEFORE) or (at + 1 < len(self.words) and self._gap(at + 1) == "-")
            else None
        )
        if (
            flat is None
            and self.words[at].is_number
            and self.found
            and self.found[-1].kind in ("house", "street")
        ):
            close = self.words[at].start - self.found[-1].end <= 4
            flat = self._flat_at(at) if close else None
        if flat:
            self._add("flat", at, flat[2], flat[1])
            return flat[2]
        if self._is(at, _HOUSE_BEFORE) and not self._is(at, _UI):
            marked = (
                self.words[at].folded != "д" or self.text[self.words[at].end : self.words[at].end + 1] == "."
            )
            house = self._house_at(at) if at and marked else self._house_first(at)
            if house and marked and not self._counts(house[1]):
                self._add("house", at, house[1], house[0])
                return house[1]
        if (
            self.words[at].is_number
            and self._is(at + 1, _HOUSE_AFTER)
            and (self._gap(at + 1) == "-" or self._near_place(at))
        ):
            value, end = self._house_number(at)
            if value and end == at + 1:
                self._add("house", at, end + 1, value)
                return end + 1
        return None

    def _house_first(self, at: int) -> tuple[str, int] | None:
        value, end = self._house_number(at + 1)
        return (value, end) if value else None

    def _near_place(self, at: int) -> bool:
        """Whether a street or another thing named stands right before token `at`."""
        if at - 1 in self.barred:
            return True
        return (
            bool(self.found)
            and self.words[at].start - self.found[-1].end <= 6
            and self.found[-1].kind in ("street", "house")
        )


def _nominative(name: str) -> str:
    """The name of a street that is an adjective as it stands on the sign; others as they are."""
    for pattern, ending in _NOMINATIVES:
        if found := pattern.fullmatch(name):
            return found[1] + ending
    return name
