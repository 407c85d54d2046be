"""Words that work everywhere without understanding: commands and whole-message stop words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from text.letters import fold

COMMANDS: Mapping[str, str] = {
    "start": "start",
    "help": "help",
    "menu": "help",
    "komek": "help",
    "language": "language",
    "til": "language",
    "lang": "language",
    "status": "status",
    "cancel": "cancel",
    "back": "back",
    "human": "human",
    "operator": "human",
    "settings": "settings",
    "privacy": "settings",
    "data": "settings",
    "derekter": "settings",
    "new": "new",
    "appeal": "new",
}
"""What may be typed after the slash, and what it means."""

_STOP_WORDS: Mapping[str, tuple[str, ...]] = {
    "cancel": (
        "отмена",
        "отменить",
        "отмени",
        "стоп",
        "болдырмау",
        "болдырма",
        "тоқтат",
        "тоқтату",
        "бас тарту",
        "бас тартамын",
        "cancel",
        "stop",
        "otmena",
    ),
    "back": ("назад", "артқа", "артка", "қайту", "кері", "вернуться", "back", "nazad", "artqa"),
    "human": (
        "оператор",
        "оператора",
        "операторға",
        "человек",
        "адам",
        "живой человек",
        "позовите оператора",
        "позови оператора",
        "операторға қос",
        "оператормен байланыс",
        "тірі адам",
        "адаммен сөйлесу",
        "operator",
        "соедините с оператором",
        "операторды шақыр",
        "маған оператор керек",
        "нужен оператор",
        "хочу поговорить с человеком",
        "адаммен сөйлескім келеді",
    ),
    "new": ("подать обращение", "новое обращение", "жолданым беру", "жаңа жолданым"),
    "help": ("помощь", "көмек", "меню", "мәзір", "help", "menu", "komek"),
    "settings": (
        "мои данные",
        "личные данные",
        "менің деректерім",
        "деректерім",
        "дербес деректерім",
        "отозвать согласие",
        "келісімді қайтарып алу",
    ),
    "status": ("статус", "мәртебе", "мәртебесі", "status"),
    "carry": (
        "продолжить на другом устройстве",
        "продолжить на телефоне",
        "продолжить на компьютере",
        "продолжить в телеграме",
        "продолжить в telegram",
        "продолжить в браузере",
        "басқа құрылғыда жалғастыру",
        "басқа құрылғыдан жалғастыру",
        "телефонда жалғастыру",
        "телефоннан жалғастыру",
        "компьютерде жалғастыру",
        "телеграмда жалғастыру",
        "браузерде жалғастыру",
    ),
    "language:kk": ("қазақша", "казакша", "қазақ тілі", "қазақ тілінде", "қаз", "qazaqsha", "kazaksha"),
    "language:ru": (
        "русский",
        "по-русски",
        "на русском",
        "русский язык",
        "рус",
        "орысша",
        "орыс тілінде",
        "russkii",
    ),
}
_BY_KEY = {fold(word): name for name, forms in _STOP_WORDS.items() for word in forms}
LONGEST_STOP_WORD = max(map(len, _BY_KEY))


def command(text: str) -> tuple[str, str] | None:
    """(name, argument) of a typed command such as `/status KM-2026-000123`, None for other text.

    Blanks around the slash are forgiven; a name that is none of ours comes back as `help`.
    """
    stripped = text.strip()
    if not stripped.startswith("/"):
        return None
    name, _, argument = stripped.lstrip("/ ").partition(" ")
    name = name.partition("@")[0].casefold()
    return COMMANDS.get(name, "help"), argument.strip()


# A right of the law on personal data must work without understanding, where nothing else is said: «отозвал согласие, а
# банк звонит» and «емхана деректерімді өшіріп жіберді» are stories.
_OWN_DATA = re.compile(
    r"(?:(?:я|мы|хочу|хотел\w*|прошу|как|можно|могу|можете|надо|нужно|бы|пожалуйста|здравствуйте)\W+)*(?:"
    r"(?:отозвать|отзыв|отзываю|отозвите|забрать|аннулировать|аннулируйте)\s(?:(?:мое|свое)\s)?согласи[ея]"
    r"(?:\sна\sобработку(?:\s(?:моих|своих|персональных|личных|данных)){0,3})?"
    r"|(?:удалить|удалите|сотрите|стереть)\W+(?:пожалуйста\W+)?(?:мои|свои)\s(?:(?:персональные|личные|все)\s){0,2}данные"
    r"|(?:мен\s|менин\s)?(?:келисимим(?:ди|изди)\s(?:кери\s)?кайтар(?:у|ып|ам\w*|гым|ыныз\w*)?"
    r"|(?:дербес\s)?деректеримди\s(?:ошир(?:у|ип|ем\w*|гим|иниз\w*)?|жо(?:й|ю|йып|ям\w*|йгым|йыныз\w*)))"
    r"(?:\s(?:алу\w*|алам\w*|алг\w+|алыныз\w*|бер\w+из\w*|тастаныз\w*|керек|келеди|бола|болама|ма)){0,3}"
    r")[\s.!?]*"
)
_LONGEST_REQUEST = 8
"""Words; a longer message may be a story about somebody else's data."""


def stop_word(text: str) -> str | None:
    """The meaning of a message that is a stop word, or asks for one's own data, and nothing else; None otherwise."""
    if len(text) < 100 and len(text.split()) <= _LONGEST_REQUEST and _OWN_DATA.fullmatch(fold(text.strip())):
        return "settings"
    key = fold(text[: LONGEST_STOP_WORD + 10]).strip(" .!?,…»«\"'")
    return _BY_KEY.get(key) if len(text) <= LONGEST_STOP_WORD + 10 else None
