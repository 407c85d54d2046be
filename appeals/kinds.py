"""The six kinds of appeal of the Administrative Procedural Code, and which one a citizen's words call for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from appeals import kind_signals
from appeals.provenance import Basis, Provenance, Review
from text.bilingual import Bilingual
from text.latin import to_cyrillic
from text.letters import skeleton
from text.words import words

_PATTERN_GAP = 2
_QUOTE_BEFORE = 3
_QUOTE_AFTER = 4
_SURE_SCORE = 3
_LATIN = re.compile(r"[A-Za-z]")


class Kind(str, Enum):
    """What a citizen files; the value is stored and never shown."""

    APPLICATION = "application"
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    REPORT = "report"
    PROPOSAL = "proposal"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class KindInfo:
    """Name and plain meaning of a kind; `article` is its definition in the Code."""

    kind: Kind
    name: Bilingual
    meaning: Bilingual
    article: Bilingual
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class KindSuggestion:
    """A proposed kind and why. `sure` is False whenever the signs are weak or speak for different kinds.

    rival: another kind that the words speak for nearly as much, while `sure` is False.
    """

    kind: Kind
    reason: Bilingual
    sure: bool
    rival: Kind | None = None


def _info(kind: Kind, name: Bilingual, meaning: Bilingual, paragraph: int) -> KindInfo:
    article = Bilingual(f"ӘРПК, 4-бап, {paragraph}-тармақ", f"АППК, статья 4, пункт {paragraph}")
    provenance = Provenance(
        basis=Basis.LAW,
        status=Review.DRAFT,
        review_by=date(2027, 5, 31),
        act=Bilingual(
            "Әкімшілік рәсімдік-процестік кодекс", "Административный процедурно-процессуальный кодекс"
        ),
        article=f"4 ({paragraph})",
        url="https://adilet.zan.kz/rus/docs/K2000000350",
    )
    return KindInfo(kind, name, meaning, article, provenance)


KINDS: Mapping[Kind, KindInfo] = MappingProxyType(
    {
        info.kind: info
        for info in (
            _info(
                Kind.APPLICATION,
                Bilingual("Өтініш", "Заявление"),
                Bilingual(
                    "Көмек сұрайсыз: өзіңізге немесе басқаларға бірдеңе жасап, жөндеп не тағайындап беру керек.",
                    "Вы просите помочь: что-то сделать, исправить или предоставить вам либо другим.",
                ),
                1,
            ),
            _info(
                Kind.COMPLAINT,
                Bilingual("Шағым", "Жалоба"),
                Bilingual(
                    "Органның шешімі, бас тартуы немесе әрекетсіздігі құқығыңызды бұзды деп есептейсіз "
                    "және оны қалпына келтіруді талап етесіз.",
                    "Вы считаете, что решение, отказ или бездействие органа нарушили ваши права, "
                    "и требуете их восстановить.",
                ),
                38,
            ),
            _info(
                Kind.INQUIRY,
                Bilingual("Сұрау салу", "Запрос"),
                Bilingual("Ақпарат немесе түсініктеме сұрайсыз.", "Вы просите сведения или разъяснение."),
                32,
            ),
            _info(
                Kind.REPORT,
                Bilingual("Хабар", "Сообщение"),
                Bilingual(
                    "Заңның бұзылғанын немесе мемлекеттік орган жұмысындағы кемшілікті хабарлайсыз.",
                    "Вы сообщаете о нарушении закона или о недостатках в работе государственного органа.",
                ),
                37,
            ),
            _info(
                Kind.PROPOSAL,
                Bilingual("Ұсыныс", "Предложение"),
                Bilingual(
                    "Заңды, мемлекеттік орган жұмысын немесе қоғам өмірін қалай жақсартуға болатынын ұсынасыз.",
                    "Вы советуете, как улучшить законы, работу госорганов или жизнь общества.",
                ),
                35,
            ),
            _info(
                Kind.RESPONSE,
                Bilingual("Үн қосу", "Отклик"),
                Bilingual(
                    "Мемлекеттік саясатқа немесе қоғамдағы оқиғаға көзқарасыңызды, алғысыңызды білдіресіз.",
                    "Вы выражаете отношение к государственной политике или событию, благодарите.",
                ),
                36,
            ),
        )
    }
)

_FOUND: Mapping[Kind, Bilingual] = MappingProxyType(
    {
        Kind.APPLICATION: Bilingual(
            "Сіз көмек немесе нақты іс-әрекет сұрап отырсыз: «{quote}». Бұл – өтініш.",
            "Вы просите помочь или что-то сделать: «{quote}». Это заявление.",
        ),
        Kind.COMPLAINT: Bilingual(
            "Сіз органның шешіміне, жауабына немесе әрекетсіздігіне наразысыз: «{quote}». Бұл – шағым.",
            "Вы возражаете против решения, ответа или бездействия органа: «{quote}». Это жалоба.",
        ),
        Kind.INQUIRY: Bilingual(
            "Сіз ақпарат немесе түсініктеме алғыңыз келеді: «{quote}». Бұл – сұрау салу.",
            "Вы хотите что-то узнать: «{quote}». Это запрос.",
        ),
        Kind.REPORT: Bilingual(
            "Сіз заң бұзушылық немесе жұмыстағы кемшілік туралы айтып отырсыз: «{quote}». Бұл – хабар.",
            "Вы говорите о нарушении или о чьей-то плохой работе: «{quote}». Это сообщение.",
        ),
        Kind.PROPOSAL: Bilingual(
            "Сіз нені жақсартуға болатынын ұсынып отырсыз: «{quote}». Бұл – ұсыныс.",
            "Вы предлагаете, что улучшить: «{quote}». Это предложение.",
        ),
        Kind.RESPONSE: Bilingual(
            "Сіз көзқарасыңызды немесе алғысыңызды білдіріп отырсыз: «{quote}». Бұл – үн қосу.",
            "Вы выражаете своё отношение: «{quote}». Это отклик.",
        ),
    }
)
_USUAL: Mapping[Kind, Bilingual] = MappingProxyType(
    {
        Kind.APPLICATION: Bilingual(
            "Мұндай мәселе бойынша көбіне өтініш беріледі.", "С такими вопросами чаще всего подают заявление."
        ),
        Kind.COMPLAINT: Bilingual(
            "Мұндай мәселе бойынша көбіне шағым беріледі.", "По таким вопросам чаще всего подают жалобу."
        ),
        Kind.INQUIRY: Bilingual(
            "Мұндай мәселе бойынша көбіне сұрау салу жіберіледі.",
            "По таким вопросам чаще всего подают запрос.",
        ),
        Kind.REPORT: Bilingual(
            "Мұндай жағдайда көбіне хабар жіберіледі.", "В таких случаях чаще всего подают сообщение."
        ),
        Kind.PROPOSAL: Bilingual(
            "Мұндай тақырып бойынша көбіне ұсыныс жіберіледі.", "По этой теме чаще всего подают предложение."
        ),
        Kind.RESPONSE: Bilingual(
            "Мұндай тақырып бойынша көбіне үн қосу жіберіледі.", "По этой теме чаще всего подают отклик."
        ),
    }
)
_TIE_ORDER = (Kind.COMPLAINT, Kind.PROPOSAL, Kind.REPORT, Kind.INQUIRY, Kind.APPLICATION, Kind.RESPONSE)


@dataclass(frozen=True, slots=True)
class _Token:
    """One word of a pattern; `whole` asks for the exact word, `ending` for its end."""

    key: str
    whole: bool
    ending: bool

    def fits(self, key: str) -> bool:
        if self.whole:
            return key == self.key
        return key.endswith(self.key) if self.ending else key.startswith(self.key)


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: Kind
    weight: int
    tokens: tuple[_Token, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    pattern: _Pattern
    start: int
    end: int


def _token(word: str) -> _Token:
    return _Token(skeleton(word.strip("*$")), word.endswith("$"), word.startswith("*"))


def _patterns() -> dict[str, tuple[_Pattern, ...]]:
    """The decision table by first letter; patterns that may begin anyhow stand under the empty key."""
    tables = (
        (Kind.APPLICATION, kind_signals.APPLICATION),
        (Kind.REPORT, kind_signals.REPORT),
        (Kind.COMPLAINT, kind_signals.COMPLAINT),
        (Kind.INQUIRY, kind_signals.INQUIRY),
        (Kind.PROPOSAL, kind_signals.PROPOSAL),
        (Kind.RESPONSE, kind_signals.RESPONSE),
    )
    found: dict[str, list[_Pattern]] = defaultdict(list)
    for kind, table in tables:
        for weight, listed in table.items():
            for line in listed.split(","):
                tokens = tuple(_token(word) for word in line.split())
                if tokens:
                    first = "" if tokens[0].ending else tokens[0].key[0]
                    found[first].append(_Pattern(kind, weight, tokens))
    return {first: tuple(patterns) for first, patterns in found.items()}


_PATTERNS = _patterns()
_QUESTION = _Pattern(Kind.INQUIRY, 1, ())


def default_kind(topic: str | None) -> Kind:
    """The kind in which a topic's appeals are usually filed; an application when nothing else is known."""
    value = kind_signals.DEFAULTS.get(topic or "")
    return Kind(value) if value else Kind.APPLICATION


# One turn asks for the reason, the other kind and the draft of the same words.
@lru_cache(maxsize=32)
def suggest_kind(text: str, topic: str | None = None) -> KindSuggestion:
    """Propose a kind from the citizen's own words, or from the topic's habit when the words say nothing."""
    spoken = words(text)
    hits = _hits([_keys(word) for word in spoken])
    if spoken and text.rstrip().endswith("?"):
        hits.append(_Hit(_QUESTION, len(spoken) - 1, len(spoken)))
    usual = default_kind(topic)
    scores = _scores(hits, usual)
    best = max(_TIE_ORDER, key=lambda kind: scores[kind])
    evidence = [hit for hit in hits if hit.pattern.kind is best and hit.pattern.weight > 0]
    if not evidence or scores[best] <= 0:
        return KindSuggestion(usual, _USUAL[usual], sure=False)
    rival = max((kind for kind in _TIE_ORDER if kind is not best), key=lambda kind: scores[kind])
    sure = scores[best] >= _SURE_SCORE and scores[best] >= 2 * scores[rival]
    strongest = max(evidence, key=lambda hit: (hit.pattern.weight, -hit.start))
    reason = _quoted(_FOUND[best], _quote(text, spoken, strongest))
    return KindSuggestion(best, reason, sure, rival if not sure and scores[rival] > 0 else None)


# Asked again of the same clauses whenever an appeal under way is shown.
@lru_cache(maxsize=256)
def objects(text: str) -> bool:
    """Whether the words object to what a body has done or failed to do."""
    hits = _hits([_keys(word) for word in words(text)])
    return _scores(hits, Kind.APPLICATION)[Kind.COMPLAINT] > 0


def _keys(word: str) -> tuple[str, ...]:
    """The forms under which a word is compared: a word in Latin letters is read as Kazakh and as Russian."""
    if _LATIN.search(word):
        return tuple({skeleton(to_cyrillic(word, "kk")), skeleton(to_cyrillic(word, "ru"))})
    return (skeleton(word),)


def _hits(keys: Sequence[tuple[str, ...]]) -> list[_Hit]:
    """Each pattern found, once, at its first place."""
    found: dict[_Pattern, _Hit] = {}
    for start, forms in enumerate(keys):
        firsts = {form[0] for form in forms if form} | {""}
        for first in firsts:
            for pattern in _PATTERNS.get(first, ()):
                if pattern not in found:
                    end = _end(pattern.tokens, keys, start)
                    if end is not None:
                        found[pattern] = _Hit(pattern, start, end)
    return list(found.values())


def _end(tokens: Sequence[_Token], keys: Sequence[tuple[str, ...]], start: int) -> int | None:
    """Index after the last word of a pattern beginning at `start`, or None."""
    if not _any_fits(tokens[0], keys[start]):
        return None
    position = start + 1
    for token in tokens[1:]:
        reach = range(position, min(position + _PATTERN_GAP + 1, len(keys)))
        place = next((index for index in reach if _any_fits(token, keys[index])), None)
        if place is None:
            return None
        position = place + 1
    return position


def _any_fits(token: _Token, forms: Iterable[str]) -> bool:
    return any(token.fits(form) for form in forms)


def _scores(hits: Iterable[_Hit], usual: Kind) -> dict[Kind, int]:
    scores = dict.fromkeys(Kind, 0)
    for hit in hits:
        scores[hit.pattern.kind] += hit.pattern.weight
    if usual is not Kind.APPLICATION:
        scores[usual] += 1
    return scores


def _quote(text: str, spoken: Sequence[str], hit: _Hit) -> str:
    """The citizen's words around the sign that decided, cut to a phrase."""
    first, last = max(0, hit.start - _QUOTE_BEFORE), min(len(spoken), hit.end + _QUOTE_AFTER)
    begin = _offset(text, spoken, first)
    stop = _offset(text, spoken, last - 1) + len(spoken[last - 1])
    phrase = " ".join(text[begin:stop].split()).replace("«", "").replace("»", "")
    return f"{'… ' if first else ''}{phrase}{' …' if last < len(spoken) else ''}"


def _offset(text: str, spoken: Sequence[str], index: int) -> int:
    """Where the word with this index begins in the text."""
    cursor = 0
    for word in spoken[:index]:
        cursor = max(text.find(word, cursor), 0) + len(word)
    return max(text.find(spoken[index], cursor), 0)


def _quoted(template: Bilingual, quote: str) -> Bilingual:
    return Bilingual(template.kk.replace("{quote}", quote), template.ru.replace("{quote}", quote))
