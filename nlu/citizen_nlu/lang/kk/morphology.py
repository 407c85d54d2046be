"""From a Kazakh word form back to its stem: a small automaton of suffix classes in the order the language puts them.

A noun takes plural, possessive, case, person; a verb voice, negation, then a tense with its person, or a participle
that goes on like a noun. The suffixes are the patterns of `inflection`, spelled out for the sound and the harmony
before them, so a cut is made only where the whole rest of the word can follow its stem. Matching is on keys without
the Kazakh letters, so letterless words are read as well; the stem list gives the letters back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce

from text.letters import KAZAKH_LETTERS, fold

from citizen_nlu.lang.kk.inflection import FRONTED, VOICED, attach, is_back, key, softened, sound, stems

_Arcs = tuple[tuple[str, str], ...]

_PERSONS = ("MIн", "сIң", "сIз", "MIз", "сIңдAр", "сIздAр")
_OWNERS = ("м", "ң", "ңIз", "Q", "ңдAр", "ңIздAр")
_ASKING = ("MA",)


def _to(state: str, *patterns: str) -> _Arcs:
    return tuple((pattern, state) for pattern in patterns)


_SAYING = frozenset(_PERSONS)
_SAID = (*_to("asked", *_PERSONS), *_to("end", *_ASKING))
_CASES = (
    *_to("end", "NIң", "GA", "TI", "Mен", "шA", "DAй"),
    *_to("placed", "DA", "FAн"),
    *_to("related", "DAғI", "нікі"),
)
_AFTER_MY = (
    *_to("end", "NIң", "A", "TI", "Mен", "шA", "DAй"),
    *_to("placed", "DA", "FAн"),
    *_to("related", "DAғI", "нікі"),
)
_AFTER_HIS = (
    *_to("end", "NIң", "нA", "н", "Mен", "ншA", "нDAй"),
    *_to("placed", "нDA", "нAн"),
    *_to("related", "нDAғI", "нікі"),
)
_OWNED = (*_to("his", "3"), *_to("mine", "Iм", "Iң"), *_to("ours", "IмIз", "IңIз"))
_NOMINAL = (*_to("many", "LAр"), *_OWNED, *_CASES, *_SAID)
_FINITE = (
    *_to("asked", *(f"Y{person}" for person in _PERSONS), "Yды", "Y", "Yм", "Yд"),
    *_to("asked", *(f"DI{owner}" for owner in ("", *_OWNERS)), *(f"сA{owner}" for owner in ("", *_OWNERS))),
    *_to("participle", "GAн", "YтIн", "у", "MAQ", "MAQшI"),
    *_to("end", "EйIн", "EйIQ", "сIн", "сIндAр", "IңIз", "IңIздAр", "IңдAр", "IңIзшI", "IңшI", "IңIздAршI", "IңдAршI"),
    *_to("end", "шI", "й", "йшA", "йIншA", "Iп"),
)  # fmt: skip

_VOICES = frozenset(("Iл", "Iн", "Iс", "т", "DIр", "GIз"))

_ARCS: dict[str, _Arcs] = {
    "noun": (*_NOMINAL, *_to("derived", "LI", "сIз", "LIQ", "шI", "IрAQ", "шIлIQ", "GI")),
    "derived": (*_NOMINAL, *_to("derived", "LIQ", "IрAQ")),
    "guess": _NOMINAL,
    "many": (*_OWNED, *_CASES, *_SAID),
    "mine": (*_AFTER_MY, *_SAID),
    "ours": (*_CASES, *_SAID),
    "his": (*_AFTER_HIS, *_SAID),
    "placed": _SAID,
    "related": _NOMINAL,
    "participle": (*_NOMINAL, *_to("end", "дIQтAн", "шA")),
    "verb": (
        *_FINITE,
        *_to("verb", *_VOICES),
        *_to("denied", "BA"),
        *_to("asked", *(f"Iп{person}" for person in _PERSONS), "IпTI", "GIсI", "EрMIн", "EрсIз", "EрсIң"),
        *_to("asked", *(f"GI{owner}" for owner in ("м", "ң", "ңIз", "мIз")), "YвAтIр", "IпвAтIр", "YвAтIрмIн"),
        *_to("participle", "Eр", "ушI", "GIш"),
        *_to("end", "GAлI", "GAншA", "GIзып", "Eрдей"),
    ),
    "standing": _SAID,
    "having": (*_NOMINAL, *_to("derived", "GI", "LIQ")),
    "denied": (*_FINITE, *_to("asked", "пTI", "псIз", "ппIн", "спIн"), *_to("participle", "с"), *_to("end", "стAн")),
    "asked": _to("end", *_ASKING),
    "end": (),
}  # fmt: skip
"""State → the suffixes that can follow, each with the state it leads to. A word may end in any state."""


_CLASSES = {
    letter: row[0] for row in ("ыі", "аәоөұүеэяёи", "тпкқсшщчцхфһбвгд", "нмң", "рйую", "зж") for letter in row
}
"""Last sound → the one that stands for all that suffixes follow in the same way; л is by itself."""
_Table = dict[str, tuple[tuple[str, str, str, str], ...]]


@lru_cache(maxsize=None)
def _table(state: str, last: str, back: bool) -> _Table:
    """First letter → (key, pattern, next state, class of the last sound) of the suffixes that can follow, longest first."""
    table: dict[str, list[tuple[str, str, str, str]]] = {}
    for pattern, following in _ARCS[state]:
        spelled = ""
        for symbol in pattern:
            plain = sound(symbol, (spelled or last)[-1])
            spelled += plain if back else plain.translate(FRONTED)
        if last == "ы" and spelled.startswith("й"):
            spelled = spelled[1:]  # «оқы» + «ймын» is «оқимын», of the same key as the stem
        for shape in {spelled, spelled[:-1] + VOICED.get(spelled[-1:], spelled[-1:])}:
            if shape:
                entry = (key(shape), pattern, following, _CLASSES.get(spelled[-1], "л"))
                table.setdefault(entry[0][0], []).append(entry)
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


@lru_cache(maxsize=20_000)
def _suffixes(state: str, last: str, back: bool, tail: str) -> tuple[str, ...] | None:
    """The patterns that make up a tail (a key) after a stem whose last sound is of the class, None when it is none."""
    if not tail:
        return ()
    for suffix, pattern, following, last_of_suffix in _table(state, last, back).get(tail[0], ()):
        if tail.startswith(suffix):
            rest = _suffixes(following, last_of_suffix, back, tail[len(suffix) :])
            if rest is not None:
                return (pattern, *rest)
    return None


@dataclass(frozen=True, slots=True)
class _Shape:
    """One way a stem of the list stands before suffixes; `begins` matches the tails it can stand before."""

    spelled: str
    lemma: str
    base: str
    state: str
    last: str
    back: bool
    begins: re.Pattern[str] | None = None


_BEFORE_VOWEL, _BEFORE_U, _BEFORE_IP = re.compile("[аеиу]"), re.compile("у"), re.compile("ип")
_BEFORE_GLIDE, _NO_VOWEL = re.compile("[яю]"), re.compile("[^аеиуяю]|$")
_STANDING = {"жүр": "жүр", "тұр": "тұр", "отыр": "отыр", "жатыр": "жат"}
"""What takes personal endings without a tense, and its verb."""
_HAVING = (
    "бар жоқ өз өзге басқа осы сол бұл қай кім не бүгін кеше ертең биыл былтыр қазір арғы бәрі керек кейін соң дейін сайын "
    "қайсы ешқайсы әрқайсы кейбір ешкім әркім емес жалпы қайта алдын баяғы ешқандай мұндай осындай ондай сондай"
).split()
"""Closed words that take the endings of nouns."""
_NUMBERS = (
    "нөл бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан жүз мың "
    "миллион миллиард триллион жарты"
).split()
_COLLECTIVE = "біреу екеу үшеу төртеу бесеу алтау жетеу".split()
_ORDINAL = [attach(number, "Iншы") for number in _NUMBERS if number != "жиырма"] + ["жиырмасыншы"]
NUMERALS = frozenset((*_NUMBERS, *_ORDINAL, *_COLLECTIVE))
_IRREGULAR = {
    "еді": "едім едік едің едіңіз едіңдер", "емес": "емеспін емеспіз емессің емессіз",
    "мен": "менің маған мені менде менен менімен менікі мағн",
    "сен": "сенің саған сені сенде сенен сенімен сенікі",
    "ол": "оның оған оны онда одан онымен оныкі олар олардың оларға оларды оларда олардан олармен",
    "біз": "біздің бізге бізді бізде бізден бізбен біздікі біздер",
    "сіз": "сіздің сізге сізді сізде сізден сізбен сіздікі",
    "сендер": "сендердің сендерге сендерді сендерден сендермен",
    "сіздер": "сіздердің сіздерге сіздерді сіздерден сіздермен",
    "бұл": "бұның бұған мұның мұны бұны мұнда бұдан мұнан мұнымен бұлар бұлардың буны бұндай мұндай",
    "сол": "соның соған соны сонда содан сонымен сондай",
    "осы": "осының осыған осыны осында осыдан осымен осындай",
    "бол": "боп боб болад боптұр болғасын", "кел": "кеп келад", "ал": "ап", "қал": "қап қалад", "қыл": "қып",
    "қой": "қоя қою қояды қоямыз қоямын қоясыз", "бар": "бап", "апар": "апар", "әкел": "әкеп", "жоқ": "жоғ жоқпыз",
    "рақмет": "рахмет рақмет рахмед рахметт", "жатыр": "жатырм",
}  # fmt: skip
"""Lemma → its forms that no rule makes, contractions of speech among them."""


def _shapes(stem: str, state: str) -> Iterator[_Shape]:
    """A stem as it is and as its last sounds change before a vowel."""
    bare = stem.rstrip("ь")
    last, back = _CLASSES.get(bare[-1], "л"), is_back(stem)
    soft = softened(stem)
    shapes: list[tuple[str, str, re.Pattern[str] | None]] = [
        (stem, last, _NO_VOWEL if soft != stem else None)
    ]
    if soft != stem:
        shapes.append((soft, last, _BEFORE_VOWEL))
    if state == "verb" and last == "ы":
        shapes.append((stem[:-1], "л", _BEFORE_U))
    elif state == "verb" and stem[-1] == "п":
        shapes.append((stem[:-1] + "у", last, _BEFORE_IP))
    elif state == "verb" and stem[-1] == "й":
        shapes.append((stem[:-1], last, _BEFORE_GLIDE))
    for spelled, sound_, begins in shapes:
        yield _Shape(spelled, stem, stem, state, sound_, back, begins)


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, list[_Shape]]:
    """Key → shapes of the stems of our list."""
    kinds, lexicon = stems(), dict[str, list[_Shape]]()
    rows = {
        "having": [*_HAVING, *sorted(NUMERALS)], "noun": kinds["nouns"] + kinds["adjectives"],
        "verb": kinds["verbs"], "asked": kinds["invariable"],
    }  # fmt: skip
    for state, row in rows.items():
        for stem in row:
            for shape in _shapes(stem, state):
                lexicon.setdefault(key(shape.spelled), []).append(shape)
    for form, lemma in _STANDING.items():
        lexicon.setdefault(key(form), []).append(_Shape(form, lemma, form, "standing", "р", is_back(form)))
    return lexicon


@lru_cache(maxsize=1)
def _irregular() -> dict[str, Analysis]:
    rows = ((lemma, form) for lemma, row in _IRREGULAR.items() for form in row.split())
    return {key(form): Analysis(lemma, "asked", form, ()) for lemma, form in rows}


_KINDS = {"noun": "noun", "verb": "verb", "standing": "verb"}


@dataclass(frozen=True, slots=True)
class Analysis:
    """A word read as a known stem and suffixes (patterns of `inflection`, in order)."""

    lemma: str
    state: str
    base: str
    """What the suffixes are put on: the lemma, except for irregular forms."""
    suffixes: tuple[str, ...]

    @property
    def kind(self) -> str:
        """noun, verb or function."""
        return _KINDS.get(self.state, "function")

    @property
    def spelled(self) -> str:
        """The word with all its Kazakh letters."""
        return reduce(attach, self.suffixes, self.base)


_MARKED = "әғқңөұүһі"


def _strangeness(word: str, stem: str) -> int:
    """How many Kazakh letters of the word the stem lacks, and of the stem an otherwise Kazakh word lacks."""
    careful = not KAZAKH_LETTERS.isdisjoint(word)
    pairs = [(a, b) for a, b in zip(word, stem, strict=False) if a != b]
    return sum(a in _MARKED or (careful and b in _MARKED) for a, b in pairs)


def _readings(word: str) -> Iterator[tuple[_Shape, Analysis]]:
    """Every cut after a stem of the list where the rest can follow it, longest stem first."""
    lexicon, spelt = _lexicon(), key(word)
    for cut in range(len(spelt), 1, -1):
        for shape in lexicon.get(spelt[:cut], ()):
            tail = spelt[cut:]
            if shape.begins is not None:
                if not shape.begins.match(tail):
                    continue
                if shape.begins is _BEFORE_GLIDE:
                    tail = ("а" if tail[0] == "я" else "у") + tail[1:]
            suffixes = _suffixes(shape.state, shape.last, shape.back, tail)
            if suffixes is not None:
                yield shape, Analysis(shape.lemma, shape.state, shape.base, suffixes)


_VERBS_FIRST = frozenset("істе жөнде баста арна жолда".split())


@lru_cache(maxsize=1)
def _from_nouns() -> frozenset[str]:
    """Verbs that sound like a noun with a case («сотта» is «in court»), the everyday ones left out."""
    return frozenset(
        verb
        for verb in set(stems()["verbs"]) - _VERBS_FIRST
        if any(analysis.state == "noun" and analysis.suffixes for _, analysis in _readings(verb))
    )


def _rank(word: str, shape: _Shape, analysis: Analysis) -> tuple[bool, int, int, int]:
    """Doubtful readings last, then the stem spelled most like the word, the longest, the one with the fewest changes."""
    if analysis.state == "verb":
        doubtful = analysis.lemma in _from_nouns()
    else:
        doubtful = not _SAYING.isdisjoint(analysis.suffixes[-1:])
    changes = sum(a != b for a, b in zip(word, shape.spelled, strict=False))
    return doubtful, _strangeness(word, shape.spelled), -len(shape.spelled), changes


@lru_cache(maxsize=20_000)
def analyses(word: str) -> tuple[Analysis, ...]:
    """What a lower-case Cyrillic word can be a form of among our stems, the best reading first; empty for none."""
    if len(word) > LONGEST:
        return ()
    irregular = _irregular().get(key(word))
    if irregular is not None:
        return (irregular,)
    found = list(_readings(word))
    if len(found) > 1:
        found.sort(key=lambda reading: _rank(word, *reading))
    return tuple(analysis for _, analysis in found)


def kind_of(word: str) -> str | None:
    """`function`, `verb` or `noun` when the lower-case Cyrillic word, however typed, can be a form of one of our stems."""
    found = analyses(word)
    if any(not analysis.suffixes and analysis.kind == "function" for analysis in found):
        return "function"
    return found[0].kind if found else None


def restore(word: str) -> str:
    """A lower-case word typed without the Kazakh letters, with them; as it is when unknown or one of several words.

    «кайда» → «қайда», «отинишимди» → «өтінішімді»; «кол» may be «қол» or «көл» and stays.
    """
    if not KAZAKH_LETTERS.isdisjoint(word):
        return word
    found = [analysis for analysis in analyses(word) if fold(analysis.spelled) == fold(word)]
    bare = [analysis for analysis in found if not analysis.suffixes and analysis.kind != "verb"]
    spellings = {analysis.spelled for analysis in bare or found}
    return spellings.pop() if len(spellings) == 1 else word


SHORTEST, SHORTEST_BEFORE_SOUND = 3, 4
"""Letters of an unknown stem, and of one before a single sound, which many stems only seem to have («адам»)."""
LONGEST = 50
"""Letters of what is still looked at as a word."""
_VOWELS = frozenset("аәеёоөұүуыіиэюя")


def _harmonies(stem: str) -> tuple[bool, ...]:
    """Whether back suffixes may follow an unknown stem, front ones, or both: а, о and у may stand for ә, ө and ү."""
    vowel = next((char for char in reversed(stem) if char in _VOWELS), "и")
    if vowel in "әөүіеэ":
        return (False,)
    if vowel in "ыұяё" or (vowel in "аоу" and not KAZAKH_LETTERS.isdisjoint(stem)):
        return (True,)
    return (True, False)


_PARTICLES = frozenset(map(key, "ақ ау ай шы ші мыс міс да де та те".split()))


def _before_hyphen(word: str) -> str | None:
    """What stands before a hyphen with a suffix or particle; letters read by name take the endings of their names."""
    head, hyphen, tail = word.rpartition("-")
    if not hyphen or not head:
        return None
    ending = key(tail)
    fits = ending in _PARTICLES or any(
        _suffixes("guess", last, back, ending) is not None for last in "атнрзл" for back in (True, False)
    )
    return head if fits and tail else None


def cuts(word: str) -> Iterator[str]:
    """What may stand before Kazakh suffixes of a noun in a lower-case word, shortest first: «справканы» → «справка»."""
    if len(word) > LONGEST:
        return
    head = _before_hyphen(word)
    if head is not None:
        yield head
    spelt = key(word)
    for cut in range(SHORTEST, len(word)):
        stem, tail = word[:cut], spelt[cut:]
        if (
            (len(tail) == 1 and cut < SHORTEST_BEFORE_SOUND)
            or _VOWELS.isdisjoint(stem)
            or "-" in tail
            or stem[-1] == "-"
        ):
            continue
        last = _CLASSES.get(stem.rstrip("ь")[-1:], "л")
        if any(_suffixes("guess", last, back, tail) is not None for back in _harmonies(stem)):
            yield stem


_DEVOICED = {voiced: hard for hard, voiced in VOICED.items()}


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """Dictionary form of a lower-case Kazakh word with its letters given back, verbs as the bare stem.

    «балаларга» → «бала», «кезегін» → «кезек», «бермейді» → «бер». An unknown word is cut to the shortest stem.
    """
    known = analyses(word)
    if known:
        return known[0].lemma
    for stem in cuts(word):
        tail = word[len(stem) :]
        if tail[0] == "-":
            return lemma(stem)
        if tail[0] in "аеыіиу" and stem[-1] in _DEVOICED:
            return stem[:-1] + ("к" if stem[-1] == "г" else _DEVOICED[stem[-1]])
        return stem
    return word
