"""Other ways to type the same message: letters left out, Latin of several schools, slips of the finger, fewer words.

Authors write mostly with proper letters; citizens do not. Everything here is driven by the given `random.Random`, so
training is repeatable.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

from text.script import script_of

_LETTERLESS = {
    **dict(zip("әғқңөұүһі", "агкноуухи", strict=True)),
    **dict(zip("ӘҒҚҢӨҰҮҺІ", "АГКНОУУХИ", strict=True)),
}

_COMMON = dict(zip("абвгдезиклмнопрстуфэ", "abvgdeziklmnoprstufe", strict=True))
_AD_HOC = {**_COMMON, "ё": "yo", "ж": "zh", "й": "i", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
           "ы": "y", "ь": "", "ю": "yu", "я": "ya", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u",
           "ү": "u", "һ": "h", "і": "i"}  # fmt: skip
_STATE_2021 = {**_AD_HOC, "ж": "j", "ш": "ş", "щ": "şş", "ч": "ch", "ы": "y", "й": "i", "ю": "iu", "я": "ia", "ә": "ä",
               "ғ": "ğ", "қ": "q", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü", "і": "ı", "х": "h"}  # fmt: skip
_ACUTE_2018 = {**_AD_HOC, "ж": "j", "у": "ý", "й": "ı", "и": "ı", "ә": "á", "ғ": "ǵ", "қ": "q", "ң": "ń", "ө": "ó",
               "ү": "ú", "ю": "ıý", "я": "ıa"}  # fmt: skip
KAZAKH_SCHOOLS = (
    _AD_HOC,
    {**_AD_HOC, "ж": "j", "қ": "q"},
    {**_AD_HOC, "ж": "j", "ы": "i", "х": "x", "й": "y"},
    {**_AD_HOC, "ш": "w", "қ": "q", "ж": "j", "ғ": "g"},
    {**_AD_HOC, "қ": "q", "ғ": "gh", "ң": "ng", "й": "y", "х": "kh"},
    {**_AD_HOC, "у": "w", "ж": "j", "қ": "q", "ң": "n"},
    _STATE_2021,
    {**_STATE_2021, "ы": "ı", "і": "i", "й": "y", "х": "x"},
    _ACUTE_2018,
)
RUSSIAN_SCHOOLS = (
    {**_AD_HOC, "х": "h", "щ": "sch", "й": "y"},
    {**_AD_HOC, "х": "kh", "щ": "shch", "ь": "'", "ъ": "'"},
    {**_AD_HOC, "ж": "j", "х": "x", "ц": "c", "й": "i"},
    {**_AD_HOC, "ж": "j", "х": "h", "ц": "c", "ю": "u", "й": "j"},
    {**_AD_HOC, "ч": "4", "ш": "w", "щ": "w", "х": "x", "я": "ja", "ю": "ju"},
)


def letterless(text: str, rng: Random) -> str:
    """Kazakh typed on a Russian keyboard: usually all its letters go, sometimes some stay, і may become ы or a Latin i."""
    if rng.random() < 0.06:
        text = text.replace("і", "i").replace("І", "I")
    kept = set() if rng.random() < 0.7 else {c for c in "әғқңөұүһі" if rng.random() < 0.4}
    yery = rng.random() < 0.2
    typed = []
    for char in text:
        if char.lower() in kept:
            typed.append(char)
        else:
            typed.append("ы" if yery and char == "і" and rng.random() < 0.5 else _LETTERLESS.get(char, char))
    return "".join(typed)


# What people who learnt no alphabet choose between, the commonest habits more than once.
_HABITS = {
    "қ": "k k q q h", "ж": "zh j j", "ы": "y i y", "й": "i y y", "х": "h x kh", "ш": "sh sh w", "ң": "n n ng", "ғ": "g g gh",
    "ұ": "u u y", "ү": "u u y", "у": "u u w", "ә": "a a e", "в": "v v w", "ц": "ts c", "ю": "yu iu", "я": "ya ia", "ч": "ch",
}  # fmt: skip


def latinise(text: str, language: str, rng: Random) -> str:
    """The message in Latin by a school of the language (mixed messages: a Kazakh one) or, in Kazakh, by own habits."""
    if language != "ru" and rng.random() < 0.4:
        school = {**_AD_HOC, **{letter: rng.choice(habits.split()) for letter, habits in _HABITS.items()}}
    else:
        school = rng.choice(RUSSIAN_SCHOOLS if language == "ru" else KAZAKH_SCHOOLS)
    return "".join(school.get(char, char) for char in text.lower())


def mistype(text: str, rng: Random, rate: float = 0.04) -> str:
    """Slips of the finger: a letter left out, doubled or swapped with the next."""
    typed, position = [], 0
    while position < len(text):
        char = text[position]
        if char.isalpha() and rng.random() < rate:
            slip = rng.randrange(3)
            if slip == 0:
                typed.append("")
            elif slip == 1:
                typed.append(char * 2)
            else:
                typed.append(text[position + 1 : position + 2] + char)
                position += 1
        else:
            typed.append(char)
        position += 1
    return "".join(typed)


_SPOKEN = {
    "kk": (
        (r"\bболып\b", "боп"), (r"\bкеліп\b", "кеп"), (r"\bалып\b", "ап"), (r"\bқалып\b", "қап"),
        (r"\bқылып\b", "қып"), (r"\bбарып\b", "бап"), (r"(?<=[ыіп])п? жат", "ват"), (r"\bжатырмын\b", "жатрм"),
        (r"(?<=[ае]й)(?:мын|мін)\b", "м"), (r"(?<=[ае])(?:мын|мін)\b", "м"), (r"(?<=[ае]йд)[ыі]\b", ""),
        (r"айды\b", "иды"), (r"ейді\b", "иди"), (r"(?<=\w) (?=[мбп][ае]\b)", ""), (r" (?:ғой|қой)\b", "ғо"),
        (r"сыздар\b", "сздар"), (r"ңызшы\b", "ңшы"), (r"(?<=[лрнст])[ыі](?=[мнңлз]\w)", ""), (r"\bжақсы\b", "жақс"),
        (r"\bкерек\b", "керег"), (r"\bекен\b", "екеен"), (r"\bрахмет\b", "рақмееет"),
    ),
    "ru": (
        (r"\bсейчас\b", "щас"), (r"\bчто\b", "че"), (r"\bчто\b", "шо"), (r"\bвообще\b", "вобще"), (r"\bвообще\b", "ваще"),
        (r"\bздравствуйте\b", "здраствуйте"), (r"\bпожалуйста\b", "пжл"), (r"\bпожалуйста\b", "пожалуста"),
        (r"\bнормально\b", "норм"), (r"\bспасибо\b", "спс"), (r"\bкогда\b", "када"), (r"\bничего\b", "ниче"),
        (r"ться\b", "тся"), (r"тся\b", "ца"), (r"ого\b", "ово"), (r"\bсегодня\b", "седня"), (r"\bпочему\b", "почиму"),
        (r"\bчеловек\b", "чел"), (r"\bтебя\b", "тя"), (r"\bтелефон", "тел"), (r"\bхочу\b", "хачу"), (r"жи", "жы"),
    ),
}  # fmt: skip


def spoken(text: str, language: str, rng: Random) -> str:
    """Some words written as they are said, the commonest contractions of Kazakh (mixed messages, too) or Russian."""
    for pattern, said in _SPOKEN["ru" if language == "ru" else "kk"]:
        if rng.random() < 0.5:
            text = re.sub(pattern, said, text)
    return text


def shorten(text: str, rng: Random, low: int = 1, high: int = 3) -> str:
    """A run of `low` to `high` neighbouring words."""
    words = text.split()
    length = min(rng.randint(low, high), len(words))
    start = rng.randint(0, len(words) - length)
    return " ".join(words[start : start + length])


def drop_words(text: str, rng: Random, rate: float = 0.2) -> str:
    """The message with some words missing; at least two stay."""
    words = text.split()
    kept = [word for word in words if rng.random() >= rate]
    return " ".join(kept if len(kept) >= min(2, len(words)) else words)


def without_marks(text: str) -> str:
    """Latin letters without dots, cedillas and accents, as typed on a plain keyboard."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace(
        "ı", "i"
    )


_PLAIN = str.maketrans("әөүұңҗһўқғҳіїєґ", "аоуунжхукгхииег")


def plain_keyboard(text: str, rng: Random) -> str:
    """A foreign message typed on an English or Russian keyboard, now and then only partly so, or as it stands."""
    draw = rng.random()
    if draw < 0.3:
        return text
    if draw < 0.4:
        return text.lower().replace("'", "").replace("’", "")
    if script_of(text) == "latn":
        text = without_marks(text)
    return text.lower().translate(_PLAIN)


_KEYBOARD = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def mash(rng: Random) -> str:
    """What fingers or a cat leave on a keyboard, in no language: one to three runs over a row, or a syllable again and again."""
    if rng.random() < 0.2:
        syllable = rng.choice("хлтпмхlht") + rng.choice("аоыеaoe")
        return syllable[:: rng.choice((1, -1))] * rng.randint(2, 5) + rng.choice(("", syllable[0]))
    row, runs = rng.choice(_KEYBOARD), []
    for _ in range(rng.randint(1, 3)):
        start, length = rng.randrange(len(row) - 3), rng.randint(3, 9)
        run = (
            row[start : start + length]
            if rng.random() < 0.5
            else "".join(rng.choice(row) for _ in range(length))
        )
        runs.append(run * rng.choice((1, 1, 2)))
    return " ".join(runs)
