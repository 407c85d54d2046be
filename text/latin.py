"""Kazakh and Russian typed in Latin letters, turned into Cyrillic as the writer most likely meant it.

The Kazakh alphabets of 2021 and 2018, the habits of people who learnt neither, and Russian transliteration.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal, NamedTuple

Language = Literal["kk", "ru"]

_LATIN_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏ"
_MARK = "\u0300-\u036f"
_RUN = re.compile(f"[{_LATIN_LETTERS}][{_LATIN_LETTERS}{_MARK}'’ʼ‘`]*")
_TOKEN = re.compile(r"\S+")
_ADDRESS_ENDS = (".kz", ".com", ".ru", ".org", ".net", ".gov", ".io", ".қаз", ".рф")
_APOSTROPHES = "'’ʼ‘`"

_KK_LETTERS = {
    "a": "а", "ä": "ә", "á": "ә", "b": "б", "c": "ц", "ç": "ч", "č": "ч", "d": "д", "e": "е", "é": "е",
    "f": "ф", "g": "г", "ğ": "ғ", "ǵ": "ғ", "ġ": "ғ", "h": "х", "j": "ж", "ž": "ж", "k": "к", "l": "л",
    "m": "м", "n": "н", "ñ": "ң", "ń": "ң", "ŋ": "ң", "ņ": "ң", "o": "о", "ö": "ө", "ó": "ө", "ô": "ө",
    "p": "п", "q": "қ", "r": "р", "s": "с", "ş": "ш", "š": "ш", "ș": "ш", "ś": "ш", "t": "т", "ü": "ү",
    "ú": "ү", "ū": "ұ", "v": "в", "x": "х", "ý": "у", "z": "з",
}  # fmt: skip
_KK_PAIRS = {"sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "gh": "ғ", "ya": "я", "yu": "ю"}
_KK_ACUTE = frozenset("áóúńǵý")
_KK_N_FOR_NG = frozenset("ñńŋņ")
_KK_FRONT = frozenset("eéäáöóüú")
_KK_VOWELS = frozenset("aäáeéiıoöóôuüúūy")

_RU_LETTERS = {
    "a": "а", "b": "б", "c": "ц", "č": "ч", "ç": "ч", "d": "д", "e": "е", "é": "е", "ë": "ё", "è": "э",
    "f": "ф", "g": "г", "h": "х", "i": "и", "ı": "и", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о",
    "ö": "ё", "p": "п", "q": "к", "r": "р", "s": "с", "ş": "ш", "š": "ш", "t": "т", "u": "у", "ü": "ю",
    "v": "в", "w": "в", "x": "х", "z": "з", "ž": "ж", "ß": "с",
}  # fmt: skip
_RU_GROUPS = {
    "shch": "щ", "sch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц", "tc": "ц", "ck": "к",
    "ya": "я", "yu": "ю", "yo": "ё", "ye": "е",
}  # fmt: skip
_RU_J_GROUPS = {"ja": "я", "ju": "ю", "jo": "ё"}
_RU_I_GROUPS = {"ia": "я", "iu": "ю"}
_RU_GROUPED = frozenset(group[0] for group in (*_RU_GROUPS, *_RU_J_GROUPS, *_RU_I_GROUPS))
# Words that Russian begins with э; everything else in "e" is е.
_RU_WITH_E = ("eto", "eta", "eti", "etu", "ecp", "elek", "ekon", "etaj", "etazh", "ekspert", "ekran", "ekzam")
_RU_VOWELS = frozenset("aeiouyéëöü")


def to_cyrillic(s: str, language: Language = "kk") -> str:
    """`s` with its Latin words in Cyrillic; all else, web and mail addresses included, unchanged.

    Meant to be compared or understood, not shown: Latin often hides ә, ө, ы and ь, so fold the result.
    Capitals are kept at the start of a word. Never longer than `s`.
    """
    convert = _kazakh_word if language == "kk" else _russian_word

    def token(found: re.Match[str]) -> str:
        typed = found.group()
        return typed if _is_address(typed) else _RUN.sub(lambda run: _cased(run.group(), convert), typed)

    return _TOKEN.sub(token, s)


def word_to_cyrillic(word: str, language: Language = "kk") -> str:
    """`to_cyrillic` of one lower-case word of composed Latin letters, several times faster."""
    known = word if word.isascii() else "".join(map(_plain, word))
    convert = _kazakh_word if language == "kk" else _russian_word
    return "-".join(map(convert, known.split("-"))) if "-" in known else convert(known)


def _is_address(token: str) -> bool:
    if "@" in token or "://" in token:
        return True
    bare = token.lower().strip("()[]<>«»\"'.,;:!?")
    return bare.startswith("www.") or bare.split("/", 1)[0].endswith(_ADDRESS_ENDS)


def _cased(run: str, convert: Callable[[str], str]) -> str:
    composed = unicodedata.normalize("NFC", run)
    converted = convert("".join(_plain(ch) for ch in composed.lower()))
    if len(run) > 1 and run.isupper():
        return converted.upper()
    return converted[:1].upper() + converted[1:] if run[0].isupper() else converted


def _plain(ch: str) -> str:
    """A letter of a known alphabet, the bare letter under an unknown mark, or nothing for a lone mark."""
    if ch in _KK_LETTERS or ch in _RU_LETTERS or ch in _APOSTROPHES or ch in "uūwyıi":
        return ch
    base = unicodedata.normalize("NFD", ch)[0]
    return "" if unicodedata.combining(base) else base


class _Habits(NamedTuple):
    """What the letters of a whole word tell about how its writer spells; computed once per word."""

    acute: bool
    has_n_for_ng: bool
    has_sh: bool
    front: bool
    first_back: int
    last_back: int
    first_rounded: int

    @classmethod
    def of(cls, word: str) -> _Habits:
        # Plain "o" and "u" may hide ө and ү: only a, q and ğ tell that a word has back vowels.
        back = [at for at, ch in enumerate(word) if ch in "aqğ"]
        return cls(
            acute=not _KK_ACUTE.isdisjoint(word),
            has_n_for_ng=not _KK_N_FOR_NG.isdisjoint(word),
            has_sh="sh" in word or "ş" in word,
            front=not _KK_FRONT.isdisjoint(word),
            first_back=back[0] if back else len(word),
            last_back=back[-1] if back else -1,
            first_rounded=next((at for at, ch in enumerate(word) if ch in "ou"), len(word)),
        )


def _kazakh_word(word: str) -> str:
    habits = _Habits.of(word)
    out: list[str] = []
    at = 0
    while at < len(word):
        pair = _KK_PAIRS.get(word[at : at + 2])
        if pair:
            out.append(pair)
            at += 2
            continue
        ch, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
        if ch == "n" and after == "g" and not habits.has_n_for_ng:
            out.append(_kazakh_ng(word[at + 2 : at + 3], word[at + 3 : at + 4]))
            at += 3 if word[at + 2 : at + 3] == "h" else 2
            continue
        if ch in "iı" and after in ("a", "u") and before not in _KK_VOWELS:
            out.append("ия" if after == "a" else "ию")
            at += 2
            continue
        if ch == "u":
            out.append("ұ" if habits.acute else "у")
        elif ch == "y":
            out.append(_kazakh_y(out, before, after))
        elif ch in "iı":
            out.append(_kazakh_i(word, at, out, habits))
        elif ch == "w":
            out.append(_kazakh_w(before, after, has_sh=habits.has_sh))
        else:
            out.append(_KK_LETTERS.get(ch, ch))
        at += 1
    return "".join(out)


def _kazakh_y(out: list[str], before: str, after: str) -> str:
    if not before:
        return "й" if after in _KK_VOWELS else "ы"
    if out[-1] == "и":  # qiyn: қиын
        return "ы" if after and after not in _KK_VOWELS else "й"
    glide = before in _KK_VOWELS and out[-1] != "й"
    return "й" if glide else "ы"


def _kazakh_ng(third: str, fourth: str) -> str:
    """ "ng" is ң, or ңғ (songy: соңғы), or н before a suffix (kunge: күнге)."""
    if third in ("a", "e", "o", "u", "h"):
        return "нғ" if third == "h" else "нг"
    if third in ("y", "i", "ı") and fourth in ("", "d", "g", "n"):
        return "ңг"
    return "ң"


def _kazakh_i(word: str, at: int, out: list[str], habits: _Habits) -> str:
    ch, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    after_vowel = before in _KK_VOWELS and out[-1] != "й"
    if habits.acute:  # In the alphabet of 2018 "ı" is и or й, "i" is і.
        return ("й" if after_vowel else "и") if ch == "ı" else "і"
    if ch == "ı":
        return "і" if habits.front else "ы"
    if after_vowel:
        return "й"
    if after in _KK_VOWELS:
        return "и"
    back_before = habits.first_back < at or habits.first_rounded < at < habits.last_back
    return "ы" if before in ("q", "ğ") or (back_before and not habits.front) else "і"


def _kazakh_w(before: str, after: str, *, has_sh: bool) -> str:
    """ "w" is ш by its look (otiniw), ұ between consonants, у otherwise (qawip)."""
    vowel_before, vowel_after = before in _KK_VOWELS, after in _KK_VOWELS
    if not vowel_before and not vowel_after and before and after:
        return "ұ"
    if not has_sh and (before in ("i", "y", "ı") or (before and not vowel_before)):
        return "ш"
    return "у"


def _russian_word(word: str) -> str:
    out: list[str] = []
    at = 0
    if word.startswith(_RU_WITH_E):
        out.append("э")
        at = 1
    while at < len(word):
        before = word[at - 1 : at]
        group = _russian_group(word, at, before) if word[at] in _RU_GROUPED else None
        if group:
            out.append(group[1])
            at += len(group[0])
            continue
        ch = word[at]
        if ch == "y":
            out.append("й" if before in _RU_VOWELS else "ы")
        elif ch == "j":
            out.append("й" if before in _RU_VOWELS else "ж")
        elif ch == "i" and before == "i" and at == len(word) - 1:
            out.append("й")
        elif ch in _APOSTROPHES:
            out.append("ь" if before and before not in _RU_VOWELS else "")
        else:
            out.append(_RU_LETTERS.get(ch, ch))
        at += 1
    return "".join(out)


def _russian_group(word: str, at: int, before: str) -> tuple[str, str] | None:
    for length in (4, 3, 2):
        group = word[at : at + length]
        if group in _RU_GROUPS:
            return group, _RU_GROUPS[group]
    pair = word[at : at + 2]
    if pair in _RU_J_GROUPS and (before or len(word) == 2):
        return pair, _RU_J_GROUPS[pair]
    if pair in _RU_I_GROUPS and before in _RU_VOWELS:
        return pair, _RU_I_GROUPS[pair]
    if pair in _RU_I_GROUPS and at + 2 == len(word):
        return pair, "и" + _RU_I_GROUPS[pair]
    return None
