"""A message without what leads back to a person, so that its wording may teach the assistant.

Numbers keep their shape and lose their value; mail addresses, links and what looks like a person's name go. Places,
streets and institutions stay: they tell what a message is about. In doubt a word goes: a lost word costs little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appeals.territory import Territory
from text.latin import to_cyrillic
from text.letters import KAZAKH_LETTERS, fold

MASK = "•"

# Linear patterns: no nested quantifiers, every run bounded.
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LINK = re.compile(r"(?:\b[a-z]{2,10}://|\bwww\.|\b(?:t|wa)\.me/)[^\s•]+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@\w{3,}")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
_FULL_NAME_DOTTED = re.compile(r"\bф\. ?и\. ?о\b\.?", re.IGNORECASE)
_SENTENCE_ENDS = frozenset(".!?…\n;")
_QUOTES = frozenset("«\"„“'")
_BLANKS = re.compile(r"[^\S\n]+")
_TELLS = re.compile(r"[^\S\n]*[:=–—-]?[^\S\n]*")
"""Between «ФИО» and the name."""
_TELLS_CLEARLY = re.compile(r"[^\S\n]*[:=–—-][^\S\n]*")

_KAZAKH_CASE = "(?:[нтд][ыи]н|[гк][ае]|[нтд][ыи]|[тдн][ае]н?|[бпм]ен|н|дик[и]|тик[и])?"
_RUSSIAN_PATRONYMIC = re.compile(
    rf"[^\W\d_]{{2,}}(?:(?:[ое]вич|ьич)(?:а|у|ем|е|и|ей)?|[ое]вн(?:а|ы|е|у|ой|ою)){_KAZAKH_CASE}"
)
_NOT_PATRONYMIC = re.compile(
    "(?:не)?(?:вин|услов|духов|осн|ров|греш|церк|посе|верх|сан|чин|любов|кров|бескров|царев|душев|плачев|ежеднев|днев|гнев)"
    "(?:ов|в)?н?[ауыеой]{1,2}"
)
"""Short adjectives and nouns that end like a patronymic: «виновна», «царевна»."""
_KAZAKH_PATRONYMIC = re.compile(rf"[^\W\d_]{{3,}}кызы{_KAZAKH_CASE}")
_SON = re.compile(rf"[^\W\d_]{{3,}}улы{_KAZAKH_CASE}")
"""Without «ұ» also «жабулы», «ашулы»: a name only by its capital letter."""
_SON_IN_LETTERS = re.compile(r"ұлы[^\W\d_]{0,4}$")
_SURNAME = re.compile(rf"[^\W\d_]{{2,}}[ое]в(?:а|у|ым|ом|е|ой|ы|ых)?{_KAZAKH_CASE}")
_SURNAME_MAYBE = re.compile(
    rf"[^\W\d_]{{2,}}(?:[ое]в(?:а|у|ым|ом|е|ой|ы|ых)?|ск(?:ий|ая|ого|ой|ому|им)|енко|чук"
    rf"|баи|бек){_KAZAKH_CASE}"
)
_SURNAME_IN = re.compile(r"[^\W\d_]{2,}ин(?:а|у|ым|е|ой|ы)?")
"""In Kazakh letters it is a case ending: «әкімшілігіне»."""


def _keys(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


_CALLED = _keys("зовут звать")
_OWN_NAME = (
    ("менің", "атым"),
    ("менің", "есімім"),
    ("менің", "тегім"),
    ("мое", "имя"),
    ("моя", "фамилия"),
    ("фамилиям",),
    ("есімім",),
)
_FULL_NAME = (("фио",), ("аты", "жөнім"), ("аты", "жөні"), ("аты-жөнім",), ("аты-жөні",))
_FIELD = _keys("имя фамилия отчество аты атым тегі тегім есімі")
"""Before a colon they announce a name, elsewhere they are what a message is about."""
_OPENINGS = tuple(
    (tuple(fold(word) for word in opening), surely)
    for opening, surely in (*((o, 1) for o in _OWN_NAME), *((o, 2) for o in _FULL_NAME))
)
_NOT_NAMES = _keys(
    """не в на с и по у как что это же есть так тоже при для или а но где кто бот мен қате қатесі дұрыс керек жоқ бар
    емес кім кімдікі қандай қалай өзгерту ауыстыру жазылған көрсетілген түзету бойынша толық написано написана указано
    указана неправильно неверно ошибка ошибкой ошибочно сменить поменять изменить исправить другое другая другие
    ребенка отца матери сына дочери мужа жены заявителя директора баланың әкесінің бала совпадает написали ауысты
    ауысқан ескі жаңа бір ұқсас көрсетілуі көрсетілмесін айтылмай айтылмасын где-то нигде"""
)
_TITLES = _keys(
    """к от у и с на за для мне нам его ее наш наша наше это директор директору учитель учительница врач доктор
    госпожа господин гражданка гражданин аким глава начальник судья инспектор участковый соседка сосед мырза ханым
    апай ағай әкім дәрігер мұғалім көрші деген және мен пен сіз"""
)
_NEVER_NAMES = _keys(
    """вы вас вам вами ваш ваша ваше ваши вашего вашей сіз сізге сізден сіздің сіздер сізді мен ұлы отан гражданин
    гражданина россиянин оңтүстік солтүстік батыс шығыс северная южная западная восточная"""
)
"""Often written with a capital letter."""
_STREET_BEFORE = _keys(
    """ул улица улице улицы улицу улицей пр проспект проспекте проспекта просп пр-т пр-те мкр микрорайон микрорайоне
    микрорайона мкрн пер переулок переулке бульвар бульваре площадь площади шоссе имени им имя-м ауылы село селе
    поселок поселке станция школа гимназия лицей жк"""
)
_STREET_AFTER = tuple(
    map(
        fold,
        (
            "көше",
            "к-сі",
            "даңғыл",
            "ауыл",
            "аудан",
            "ықшамаудан",
            "шағын",
            "қала",
            "облыс",
            "атындағы",
            "тұйық",
            "алаң",
            "бульвар",
            "мектеп",
            "мектеб",
            "мкр",
            "улиц",
            "проспект",
            "район",
            "област",
            "село",
            "поселок",
        ),
    )
)
_INSTITUTIONS = tuple(
    map(
        fold,
        """банк фонд министр департамент управлен басқарма акимат әкімдік әкімдіг комитет компан центр орталы портал
        сервис қызмет закон кодекс конституц казахстан қазақстан республик правительств үкімет прокуратур полиц
        университет институт колледж поликлиник больниц аурухан товариществ корпорац суд сот гос мемлекет жкх тоо жшс
        отбасы халық казпочта каспи kaspi halyk egov еотиниш""".split(),
    )
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word with its place in the text. `key` is folded and Cyrillic; `first`: begins a sentence."""

    start: int
    end: int
    text: str
    key: str
    first: bool
    quoted: bool
    place: bool

    @property
    def capital(self) -> bool:
        """Written like a name: «Айгүл», not «ЖКХ», not a single letter."""
        return len(self.text) > 1 and self.text[0].isupper() and not self.text.isupper()


def anonymise(text: str, territory: Territory) -> str:
    """The text without numbers, addresses of the net, and names. Every digit left is 0; repeating changes nothing."""
    text = _HANDLE.sub(f"@{MASK}", _LINK.sub(MASK, _MAIL.sub(f"{MASK}@{MASK}", text)))
    text = _FULL_NAME_DOTTED.sub("ФИО", text)
    text = "".join("0" if letter.isdigit() else letter for letter in text)
    # A word may look different once its neighbour is gone; each round hides at least one, so the rounds end.
    while (hidden := _without_names(text, territory)) != text:
        text = hidden
    return text


def _without_names(text: str, territory: Territory) -> str:
    words = list(_words(text, territory))
    hidden = {
        *_introduced(text, words),
        *_with_patronymic(text, words),
        *_with_initials(text, words),
        *_capitalised(text, words),
    }
    parts, at = [], 0
    for number in sorted(hidden):
        parts += [text[at : words[number].start], MASK]
        at = words[number].end
    return "".join((*parts, text[at:]))


def _words(text: str, territory: Territory) -> Iterator[_Word]:
    places = [(match.start, match.end) for match in territory.search(text, limit=len(text))]
    end = 0
    for found in _WORD.finditer(text):
        gap, word = text[end : found.start()], found.group()
        key = fold(to_cyrillic(word)) if word.isascii() else fold(word)
        yield _Word(
            found.start(),
            found.end(),
            word,
            key,
            first=end == 0 or not _SENTENCE_ENDS.isdisjoint(gap),
            quoted=not _QUOTES.isdisjoint(gap),
            place=any(start <= found.start() < stop for start, stop in places),
        )
        end = found.end()


def _joined(text: str, words: Sequence[_Word], left: int, by: re.Pattern[str] = _BLANKS) -> bool:
    """Whether a word and the next one stand together, with nothing but `by` between them."""
    if not 0 <= left < len(words) - 1:
        return False
    return by.fullmatch(text, words[left].end, words[left + 1].start) is not None


def _introduced(text: str, words: Sequence[_Word]) -> Iterator[int]:
    """What follows «меня зовут», «менің атым», «ФИО» …"""
    for at, word in enumerate(words):
        called = word.key in _CALLED and all(w.key != "как" for w in words[max(0, at - 2) : at])
        field = word.key in _FIELD and _joined(text, words, at, _TELLS_CLEARLY)
        surely = int(called or field)
        for opening, count in _OPENINGS:
            if tuple(w.key for w in words[max(0, at + 1 - len(opening)) : at + 1]) == opening:
                surely = max(surely, count)
        if surely and _joined(text, words, at, _TELLS):
            yield from _name_from(text, words, at + 1, surely)


def _name_from(text: str, words: Sequence[_Word], first: int, surely: int) -> Iterator[int]:
    for number in range(first, min(first + 3, len(words))):
        word = words[number]
        likely = number - first < surely or word.capital or _is_patronymic(word) or _maybe_surname(word)
        if word.key in _NOT_NAMES or not likely:
            return
        if number > first and not _joined(text, words, number - 1):
            return
        yield number


def _is_patronymic(word: _Word) -> bool:
    if _RUSSIAN_PATRONYMIC.fullmatch(word.key):
        return len(word.key) > 6 and not _NOT_PATRONYMIC.fullmatch(word.key)
    if _KAZAKH_PATRONYMIC.fullmatch(word.key):
        return True
    if not _SON.fullmatch(word.key) or word.key.startswith("айыппул"):
        return False
    return _SON_IN_LETTERS.search(word.text.lower()) is not None or (word.capital and not word.first)


def _maybe_surname(word: _Word) -> bool:
    if word.place or word.key in _NEVER_NAMES:
        return False
    russian = KAZAKH_LETTERS.isdisjoint(word.text) and _SURNAME_IN.fullmatch(word.key)
    return bool(russian or _SURNAME_MAYBE.fullmatch(word.key))


def _with_patronymic(text: str, words: Sequence[_Word]) -> Iterator[int]:
    """A patronymic, the given name before it, and a surname on either side."""
    for at, word in enumerate(words):
        if not _is_patronymic(word):
            continue
        yield at
        if _joined(text, words, at - 1) and _is_given(words[at - 1], beside=word):
            yield at - 1
            if _joined(text, words, at - 2) and _is_family(words[at - 2]):
                yield at - 2
        if _joined(text, words, at) and _is_family(words[at + 1]):
            yield at + 1


def _is_given(word: _Word, beside: _Word) -> bool:
    if word.place or word.key in _TITLES or len(word.text) < 3:
        return False
    return word.capital or not beside.capital


def _is_family(word: _Word) -> bool:
    if word.key in _TITLES or word.place:
        return False
    return _maybe_surname(word) or (word.capital and not word.first)


def _with_initials(text: str, words: Sequence[_Word]) -> Iterator[int]:
    """«Иванов И. И.», «А. Серікова»."""
    for at, word in enumerate(words):
        if not word.capital or word.place:
            continue
        after = _initials(text, words, range(at + 1, min(at + 3, len(words))))
        before = _initials(text, words, range(at - 1, max(at - 3, -1), -1))
        group = sorted((*before, at, *after))
        certain = max(len(before), len(after)) > 1 or _maybe_surname(word)
        if len(group) > 1 and certain and not _is_address(text, words, group[0], group[-1]):
            yield from group


def _initials(text: str, words: Sequence[_Word], numbers: range) -> list[int]:
    found = []
    for number in numbers:
        word = words[number]
        if len(word.text) > 1 or not word.text.isupper() or text[word.end : word.end + 1] != ".":
            break
        left = min(number, number - numbers.step)
        gap = text[words[left].end : words[left + 1].start]
        if gap.strip(" .") or len(gap) > 3:
            break
        found.append(number)
    return found


def _is_address(text: str, words: Sequence[_Word], first: int, last: int) -> bool:
    """Whether a street, a village or a school is named by these words."""
    if first and words[first - 1].key in _STREET_BEFORE:
        return not text[words[first - 1].end : words[first].start].strip(" .")
    return last + 1 < len(words) and words[last + 1].key.startswith(_STREET_AFTER)


def _capitalised(text: str, words: Sequence[_Word]) -> Iterator[int]:
    """Two to four words with capital letters in the middle of a sentence; a surname there even alone."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _may_be_name(words[end]) and (end == at or _joined(text, words, end - 1)):
            end += 1
        if end > at:
            yield from _run(text, words, at, end)
        at = max(end, at + 1)


def _may_be_name(word: _Word) -> bool:
    return word.capital and not word.place and word.key not in _NEVER_NAMES


def _run(text: str, words: Sequence[_Word], at: int, end: int) -> Iterator[int]:
    run = words[at:end]
    if len(run) > 4 or run[0].quoted or _is_address(text, words, at, end - 1):
        return
    if any(word.key.startswith(_INSTITUTIONS) for word in run):
        return
    if len(run) > 1 and any(_maybe_surname(word) for word in run):
        yield from range(at, end)
        return
    inner = at + 1 if run[0].first else at
    if end - inner > 1 or (end - inner == 1 and _SURNAME.fullmatch(words[inner].key)):
        yield from range(inner, end)
