"""The life of an appeal: one table of what may follow what, and what each state means for the citizen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from text.bilingual import Bilingual


class Status(str, Enum):
    """Where an appeal stands; the value is stored and sent, never shown."""

    CREATED = "created"
    REGISTERED = "registered"
    NEEDS_FIX = "needs_fix"
    IN_PROGRESS = "in_progress"
    FORWARDED = "forwarded"
    EXTENDED = "extended"
    ANSWERED = "answered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class Action(str, Enum):
    """What a body or the applicant does with an appeal."""

    REGISTER = "register"
    ASK_FIX = "ask_fix"
    ACCEPT_FIX = "accept_fix"
    START = "start"
    FORWARD = "forward"
    EXTEND = "extend"
    ANSWER = "answer"
    RETURN = "return"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"


class IllegalTransition(Exception):
    """An action that the state of the appeal does not allow."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{action.value} is not possible for an appeal that is {status.value}")
        self.status = status
        self.action = action


# Registration cannot be refused (art. 64), so a new appeal is registered or withdrawn; return and
# termination come later. An extension happens once: the Code knows one decision on it (art. 76).
TRANSITIONS: Mapping[tuple[Status, Action], Status] = MappingProxyType(
    {
        (Status.CREATED, Action.REGISTER): Status.REGISTERED,
        (Status.CREATED, Action.WITHDRAW): Status.WITHDRAWN,
        (Status.REGISTERED, Action.ASK_FIX): Status.NEEDS_FIX,
        (Status.REGISTERED, Action.START): Status.IN_PROGRESS,
        (Status.REGISTERED, Action.FORWARD): Status.FORWARDED,
        (Status.REGISTERED, Action.ANSWER): Status.ANSWERED,
        (Status.REGISTERED, Action.RETURN): Status.RETURNED,
        (Status.REGISTERED, Action.WITHDRAW): Status.WITHDRAWN,
        (Status.REGISTERED, Action.TERMINATE): Status.TERMINATED,
        (Status.NEEDS_FIX, Action.ACCEPT_FIX): Status.REGISTERED,
        (Status.NEEDS_FIX, Action.RETURN): Status.RETURNED,
        (Status.NEEDS_FIX, Action.WITHDRAW): Status.WITHDRAWN,
        (Status.NEEDS_FIX, Action.TERMINATE): Status.TERMINATED,
        (Status.IN_PROGRESS, Action.ASK_FIX): Status.NEEDS_FIX,
        (Status.IN_PROGRESS, Action.FORWARD): Status.FORWARDED,
        (Status.IN_PROGRESS, Action.EXTEND): Status.EXTENDED,
        (Status.IN_PROGRESS, Action.ANSWER): Status.ANSWERED,
        (Status.IN_PROGRESS, Action.RETURN): Status.RETURNED,
        (Status.IN_PROGRESS, Action.WITHDRAW): Status.WITHDRAWN,
        (Status.IN_PROGRESS, Action.TERMINATE): Status.TERMINATED,
        (Status.FORWARDED, Action.START): Status.IN_PROGRESS,
        (Status.FORWARDED, Action.ASK_FIX): Status.NEEDS_FIX,
        (Status.FORWARDED, Action.FORWARD): Status.FORWARDED,
        (Status.FORWARDED, Action.ANSWER): Status.ANSWERED,
        (Status.FORWARDED, Action.RETURN): Status.RETURNED,
        (Status.FORWARDED, Action.WITHDRAW): Status.WITHDRAWN,
        (Status.FORWARDED, Action.TERMINATE): Status.TERMINATED,
        (Status.EXTENDED, Action.ANSWER): Status.ANSWERED,
        (Status.EXTENDED, Action.WITHDRAW): Status.WITHDRAWN,
        (Status.EXTENDED, Action.TERMINATE): Status.TERMINATED,
    }
)

TERMINAL: frozenset[Status] = frozenset(Status) - {status for status, _ in TRANSITIONS}


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """How a status is called and what it means in plain words."""

    status: Status
    name: Bilingual
    meaning: Bilingual

    @property
    def terminal(self) -> bool:
        """Whether nothing more can happen to the appeal."""
        return self.status in TERMINAL


STATUSES: Mapping[Status, StatusInfo] = MappingProxyType(
    {
        info.status: info
        for info in (
            StatusInfo(
                Status.CREATED,
                Bilingual("Жіберілді", "Отправлено"),
                Bilingual(
                    "Жолданымыңыз түсті, бірақ әлі тіркелген жоқ. Жұмыс уақытынан тыс немесе демалыс күні "
                    "жіберілсе, "
                    "келесі жұмыс күні тіркеледі.",
                    "Обращение поступило, но ещё не зарегистрировано. Если оно отправлено вне рабочего "
                    "времени или в "
                    "выходной, его зарегистрируют в ближайший рабочий день.",
                ),
            ),
            StatusInfo(
                Status.REGISTERED,
                Bilingual("Тіркелді", "Зарегистрировано"),
                Bilingual(
                    "Жолданымыңызға нөмір берілді. Қарау мерзімі тіркелген күннің ертеңінен бастап "
                    "есептеледі.",
                    "Обращению присвоен номер. Срок рассмотрения считается со следующего дня после "
                    "регистрации.",
                ),
            ),
            StatusInfo(
                Status.NEEDS_FIX,
                Bilingual("Толықтыру қажет", "Нужно дополнить"),
                Bilingual(
                    "Жолданымда міндетті деректер толық емес. Көрсетілген мерзімде толықтырыңыз, әйтпесе ол "
                    "қайтарылады.",
                    "В обращении не хватает обязательных сведений. Дополните его в указанный срок, иначе "
                    "его вернут.",
                ),
            ),
            StatusInfo(
                Status.IN_PROGRESS,
                Bilingual("Қаралып жатыр", "На рассмотрении"),
                Bilingual(
                    "Жауапты қызметкер жолданымыңызды қарап жатыр.",
                    "Ответственный сотрудник рассматривает ваше обращение.",
                ),
            ),
            StatusInfo(
                Status.FORWARDED,
                Bilingual("Басқа органға жолданды", "Перенаправлено"),
                Bilingual(
                    "Бұл мәселе басқа органның құзыретінде, сондықтан жолданым соған жіберілді. Мерзім "
                    "жаңа органға "
                    "түскен күннің ертеңінен бастап есептеледі.",
                    "Вопрос решает другой орган, обращение передано туда. Срок считается со следующего дня "
                    "после того, "
                    "как оно поступило в этот орган.",
                ),
            ),
            StatusInfo(
                Status.EXTENDED,
                Bilingual("Мерзімі ұзартылды", "Срок продлён"),
                Bilingual(
                    "Мән-жайды анықтауға қосымша уақыт керек болды. Себебі мен жаңа мерзімі хабарламада "
                    "көрсетілген.",
                    "Чтобы разобраться, понадобилось больше времени. Причина и новый срок указаны в "
                    "уведомлении.",
                ),
            ),
            StatusInfo(
                Status.ANSWERED,
                Bilingual("Жауап берілді", "Дан ответ"),
                Bilingual(
                    "Қарау аяқталды, жауап дайын. Жауаппен келіспесеңіз, шағым бере аласыз.",
                    "Рассмотрение завершено, ответ готов. Если вы с ним не согласны, можно подать жалобу.",
                ),
            ),
            StatusInfo(
                Status.RETURNED,
                Bilingual("Қайтарылды", "Возвращено"),
                Bilingual(
                    "Жолданым қаралмай қайтарылды, себебі көрсетілген. Кемшілігін түзетіп, қайта бере "
                    "аласыз.",
                    "Обращение возвращено без рассмотрения, причина указана. Устраните её и подайте "
                    "обращение снова.",
                ),
            ),
            StatusInfo(
                Status.WITHDRAWN,
                Bilingual("Кері қайтарып алынды", "Отозвано"),
                Bilingual(
                    "Жолданымды өзіңіз қайтарып алдыңыз. Қажет болса, жаңасын бере аласыз.",
                    "Вы сами отозвали обращение. При необходимости можно подать новое.",
                ),
            ),
            StatusInfo(
                Status.TERMINATED,
                Bilingual("Қарау тоқтатылды", "Рассмотрение прекращено"),
                Bilingual(
                    "Жолданымды қарау тоқтатылды, себебі хабарламада жазылған. Бұған шағым беруге болады.",
                    "Рассмотрение прекращено, причина указана в уведомлении. Это решение можно обжаловать.",
                ),
            ),
        )
    }
)


def next_status(status: Status, action: Action) -> Status:
    """The state after `action`; IllegalTransition when the table does not have it."""
    following = TRANSITIONS.get((status, action))
    if following is None:
        raise IllegalTransition(status, action)
    return following


def allowed(status: Status) -> tuple[Action, ...]:
    """What may be done in this state, in the order of `Action`; empty for a terminal one."""
    return tuple(action for action in Action if (status, action) in TRANSITIONS)
