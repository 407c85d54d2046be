"""Insulting and obscene words, for which an appeal may be returned (art. 64 (7)): whole words, in both languages.

Only words that insult and mean little else are listed: «козёл», «ит», «скотина» are animals, «тупой» may be an angle,
«лох» is a tree, «даун» a disease, and a name must never be one.
"""

from __future__ import annotations

import re

from text.letters import skeleton
from text.tokens import Token, is_one_of, keyed, tokens, with_suffixes

_RUSSIAN_ENDINGS = "а у е ы и ой ою ом ем ов ев ей ам ям ами ями ах ях о".split()
_RUSSIAN_STEMS = """
    дурак дурачь идиот идиотк кретин дебил дебилк имбецил придурок придурк недоумок недоумк тупиц балбес болван
    ублюдок ублюдк сволоч мраз подонок подонк мерзавец мерзавц негодяй подлец подлюг паскуд гадин гаденыш падл падлюк
    урод уродк чмошник быдл ничтожеств шлюх сучк сучар мудак мудил гандон пидор пидорас пидарас хуесос хуйн
    говнюк жополиз засранец засранц ушлепок ушлепк пиздец пиздюк пиздобол еблан долбоеб долбаеб уебок уебк уебищ блядин
"""
_RUSSIAN_WORDS = """
    дура дуру дуры дурой дуре сука суки суке суку сукой сукам сукин сукины тварь твари тварей тварям тварью чмо
    говно говна говном говне дерьмо дерьма дерьмом жопа жопу жопе жопой жопы бля блять блядь бляди блядей блядский блядская
    блядские хуй хуя хую хуем хуи нахуй похуй хуевый хуево охуел охуели охуевший пизда пизды пизду пизде пиздой пиздят
    пиздишь ебать ебал ебали ебаный ебаная ебаное ебаные ебанутый ебанутые заебал заебали выебу уебу тупорылый тупорылые тупорылая
    тупоголовый тупоголовые
"""
_KAZAKH_ENDINGS = """
    лар лер дар дер тар тер ы і сы сі сың сің мын мін пын пін бын бін сыз сіз сыңдар сіңдер сыздар сіздер ның нің дың дің тың тің
    ға ге қа ке ны ні ды ді ты ті нан нен дан ден тан тен дай дей тай тей лық лік дық дік тық тік лығы лігі дығы дігі тығы тігі
    лардың дардың тардың лерге ларға дарға тарға ларды дарды тарды лары дары тары ларсың дарсың тарсың ларсыңдар дарсыңдар тарсыңдар
""".split()
_KAZAKH_STEMS = """
    ақымақ ақымағ есуас миғұла топас сұмырай арамза малғұн оңбаған жәлеп жәлеб қотақ көтақ жексұрын
    нақұрыс сілімтік
"""
_KAZAKH_WORDS = "сігейін сігем сікт сіктір амыңды көтіңді көтіңе енеңді"
_PHRASES = """
    иттің баласы|ит баласы|иттің күшігі|иттің балалары|шошқаның баласы|шешеңнің аузы|әкеңнің аузы|аузыңды ұрайын|боқ же
"""
_MASKED = re.compile(r"[^\W\d_]+[*#]+[^\W\d_]*")
"""«с*ка»: letters hidden, the word still said."""

_FORMS = frozenset(
    {
        *(form for stem in _RUSSIAN_STEMS.split() for form in with_suffixes(stem, _RUSSIAN_ENDINGS)),
        *(form for stem in _KAZAKH_STEMS.split() for form in with_suffixes(stem, _KAZAKH_ENDINGS)),
        *keyed(_RUSSIAN_WORDS),
        *keyed(_KAZAKH_WORDS),
    }
)
_PHRASE_KEYS = tuple(tuple(skeleton(word) for word in phrase.split()) for phrase in _PHRASES.split("|"))


def insults_in(text: str) -> tuple[str, ...]:
    """The insulting words of a text as they are written, each once, in order."""
    spoken = tokens(text)
    written = {token.start: text[token.start : token.end] for token in spoken if is_one_of(token, _FORMS)}
    found = {at: word for at, word in written.items() if not _may_be_surname(word)}
    found |= dict(_phrases(text, spoken))
    found |= {
        match.start(): match.group() for match in _MASKED.finditer(text) if _stands_for_one(match.group())
    }
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _may_be_surname(word: str) -> bool:
    return word.istitle() and word.endswith(("ов", "ев"))


def _phrases(text: str, spoken: list[Token]) -> list[tuple[int, str]]:
    found = []
    for at in range(len(spoken)):
        for keys in _PHRASE_KEYS:
            run = spoken[at : at + len(keys)]
            said = len(run) == len(keys) and all(
                any(key.startswith(wanted) for key in token.keys)
                for token, wanted in zip(run, keys, strict=True)
            )
            if said:
                found.append((run[0].start, text[run[0].start : run[-1].end]))
    return found


def _stands_for_one(word: str) -> bool:
    letters = skeleton(word)
    if sum(letter.isalpha() for letter in letters) < 2:
        return False
    pattern = re.compile(re.escape(letters).replace(r"\*", ".").replace(r"\#", "."))
    return any(pattern.fullmatch(form) for form in _FORMS)
