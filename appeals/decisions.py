"""How an appeal may end: decisions, their character and their grounds, each for the kinds the Code knows it for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from appeals.kinds import Kind
from text.bilingual import Bilingual

ORDINARY = frozenset({Kind.APPLICATION})
COMPLAINTS = frozenset({Kind.COMPLAINT})
SIMPLIFIED = frozenset(Kind) - ORDINARY - COMPLAINTS
"""Kinds of the simplified procedure (art. 87): no hearing, an answer instead of an act."""


class Character(str, Enum):
    """What an answer means for the applicant."""

    EXPLAINED = "explained"
    SATISFIED = "satisfied"
    REFUSED = "refused"


class Decision(str, Enum):
    """What the body decided (art. 77, 89, 100)."""

    FAVOURABLE_ACT = "favourable_act"
    BURDENSOME_ACT = "burdensome_act"
    ANSWER = "answer"
    NOTED = "noted"
    ACT_CANCELLED = "act_cancelled"
    ACT_REPLACED = "act_replaced"
    ACTION_PERFORMED = "action_performed"
    NOT_SATISFIED = "not_satisfied"
    SENT_BACK = "sent_back"


class TerminationGround(str, Enum):
    """Why consideration is terminated, or a complaint left without it (art. 70, 88, 95)."""

    DECIDED = "decided"
    COURT_ACT = "court_act"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    OTHER_LAW = "other_law"
    REPEATED = "repeated"
    NO_AUTHOR = "no_author"
    NO_ESSENCE = "no_essence"
    IN_COURT = "in_court"


class ReturnGround(str, Enum):
    """Why an appeal is returned (art. 64 (7))."""

    NOT_FIXED = "not_fixed"
    IDENTICAL = "identical"
    INSULTING = "insulting"


class HearingWaiver(str, Enum):
    """Why a burdensome act may be adopted without a hearing (art. 73)."""

    SHORT_TERM = "short_term"
    URGENT = "urgent"
    ASKED = "asked"
    AUTOMATED = "automated"


@dataclass(frozen=True, slots=True)
class Info:
    """The name of a choice, the kinds it is for, and the article of the Code it rests on."""

    name: Bilingual
    kinds: frozenset[Kind]
    article: str


CHARACTERS: Mapping[Character, Bilingual] = MappingProxyType(
    {
        Character.EXPLAINED: Bilingual("түсіндірілді", "разъяснено"),
        Character.SATISFIED: Bilingual("қанағаттандырылды", "удовлетворено"),
        Character.REFUSED: Bilingual("бас тартылды", "отказано"),
    }
)

DECISIONS: Mapping[Decision, Info] = MappingProxyType(
    {
        Decision.FAVOURABLE_ACT: Info(
            Bilingual("қолайлы әкімшілік акт", "благоприятный административный акт"), ORDINARY, "77"
        ),
        Decision.BURDENSOME_ACT: Info(
            Bilingual("ауыртпалық салатын әкімшілік акт", "обременяющий административный акт"), ORDINARY, "77"
        ),
        Decision.ANSWER: Info(Bilingual("мәні бойынша жауап", "ответ по существу"), SIMPLIFIED, "89"),
        Decision.NOTED: Info(Bilingual("назарға алынды", "принято к сведению"), SIMPLIFIED, "89"),
        Decision.ACT_CANCELLED: Info(
            Bilingual("әкімшілік актінің күші жойылды", "административный акт отменён"), COMPLAINTS, "100"
        ),
        Decision.ACT_REPLACED: Info(
            Bilingual(
                "әкімшілік актінің күші жойылып, жаңасы қабылданды",
                "административный акт отменён, принят новый",
            ),
            COMPLAINTS,
            "100",
        ),
        Decision.ACTION_PERFORMED: Info(
            Bilingual("әкімшілік әрекет жасалды", "совершено административное действие"), COMPLAINTS, "100"
        ),
        Decision.NOT_SATISFIED: Info(
            Bilingual("шағым қанағаттандырусыз қалдырылды", "жалоба оставлена без удовлетворения"),
            COMPLAINTS,
            "100",
        ),
        Decision.SENT_BACK: Info(
            Bilingual("іс ескертулермен кері жіберілді", "дело возвращено с замечаниями"), COMPLAINTS, "100"
        ),
    }
)

_CHARACTERS: Mapping[Decision, tuple[Character, ...]] = MappingProxyType(
    {
        Decision.FAVOURABLE_ACT: (Character.SATISFIED, Character.EXPLAINED),
        Decision.BURDENSOME_ACT: (Character.REFUSED,),
        Decision.ANSWER: tuple(Character),
        Decision.NOTED: (Character.EXPLAINED,),
        Decision.ACT_CANCELLED: (Character.SATISFIED,),
        Decision.ACT_REPLACED: (Character.SATISFIED,),
        Decision.ACTION_PERFORMED: (Character.SATISFIED,),
        Decision.NOT_SATISFIED: (Character.REFUSED,),
        Decision.SENT_BACK: (Character.SATISFIED, Character.EXPLAINED),
    }
)

TERMINATIONS: Mapping[TerminationGround, Mapping[str, Bilingual]] = MappingProxyType(
    {
        TerminationGround.DECIDED: {
            "70": Bilingual(
                "нақ осы мәселе мен негіз бойынша шешім бар",
                "есть решение по тому же предмету и основаниям",
            ),
            "95": Bilingual("бұл шағым бойынша бұрын шешім қабылданған", "по этой жалобе уже есть решение"),
        },
        TerminationGround.COURT_ACT: {
            article: Bilingual(
                "бұл мәселе бойынша заңды күшіне енген сот актісі бар",
                "по этому вопросу есть вступивший в силу судебный акт",
            )
            for article in ("70", "95")
        },
        TerminationGround.RETURNED: {
            article: Bilingual("жолданым қайтарылған", "обращение возвращено") for article in ("70", "95")
        },
        TerminationGround.REPEATED: {
            "88": Bilingual(
                "жаңа дәлелі жоқ қайта жолданым: оған бұрын жауап берілген",
                "повторное обращение без новых доводов, на него уже отвечали",
            )
        },
        TerminationGround.NO_AUTHOR: {
            "88": Bilingual(
                "авторын анықтау мүмкін емес: қолтаңба (ЭЦҚ) немесе пошталық мекенжай жоқ",
                "нельзя установить авторство: нет подписи (ЭЦП) или почтового адреса",
            )
        },
        TerminationGround.NO_ESSENCE: {
            "88": Bilingual("мәселенің мәні жазылмаған", "не изложена суть вопроса")
        },
        TerminationGround.WITHDRAWN: {
            article: Bilingual("арыз иесі кері қайтарып алды", "заявитель отозвал обращение")
            for article in ("70", "88", "95")
        },
        TerminationGround.IN_COURT: {
            "95": Bilingual(
                "сол акт жөніндегі талап қою сотта қаралып жатыр",
                "иск об этом же акте рассматривает суд",
            )
        },
        TerminationGround.OTHER_LAW: {
            "70": Bilingual("заңда көзделген өзге негіз", "другое основание, предусмотренное законом")
        },
    }
)
"""Ground -> article of the Code -> its words. The article goes with the procedure the kind is considered by."""

RETURNS: Mapping[ReturnGround, Bilingual] = MappingProxyType(
    {
        ReturnGround.NOT_FIXED: Bilingual(
            "кемшіліктер белгіленген мерзімде түзетілмеді", "недостатки не устранены в назначенный срок"
        ),
        ReturnGround.IDENTICAL: Bilingual(
            "мәні бойынша бұрынғы жолданыммен бірдей, жаңа дәлелдер жоқ",
            "по существу совпадает с прежним обращением, новых доводов нет",
        ),
        ReturnGround.INSULTING: Bilingual(
            "мәтінде әдепсіз немесе қорлайтын сөздер бар",
            "в тексте есть нецензурные или оскорбительные выражения",
        ),
    }
)

WAIVERS: Mapping[HearingWaiver, Bilingual] = MappingProxyType(
    {
        HearingWaiver.SHORT_TERM: Bilingual(
            "әкімшілік рәсім мерзімі бес жұмыс күнінен кем", "срок процедуры меньше пяти рабочих дней"
        ),
        HearingWaiver.URGENT: Bilingual("шешім кейінге қалдырылмайды", "решение не терпит отлагательства"),
        HearingWaiver.ASKED: Bilingual(
            "рәсімге қатысушы тыңдаусыз шешуді өзі сұрады", "участник сам просил решить без заслушивания"
        ),
        HearingWaiver.AUTOMATED: Bilingual(
            "шешім адамның қалауынсыз, толық автоматты түрде қабылданады",
            "решение принимается полностью автоматически, без усмотрения",
        ),
    }
)


def decisions_for(kind: Kind) -> tuple[Decision, ...]:
    """What the body may decide on an appeal of this kind."""
    return tuple(decision for decision, info in DECISIONS.items() if kind in info.kinds)


def characters_for(decision: Decision) -> tuple[Character, ...]:
    """What an answer with this decision may be called, the usual one first."""
    return _CHARACTERS[decision]


def termination_article(kind: Kind) -> str:
    """The article by which consideration of this kind is terminated."""
    return "70" if kind in ORDINARY else "95" if kind in COMPLAINTS else "88"


def terminations_for(kind: Kind) -> Mapping[TerminationGround, Bilingual]:
    """The grounds on which consideration of this kind may be terminated, with their words."""
    article = termination_article(kind)
    return {ground: words[article] for ground, words in TERMINATIONS.items() if article in words}
