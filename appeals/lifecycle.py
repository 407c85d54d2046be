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
    FIXED = "fixed"
    IN_PROGRESS = "in_progress"
    FORWARDED = "forwarded"
    EXTENDED = "extended"
    HEARING = "hearing"
    ANSWERED = "answered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class Action(str, Enum):
    """What a body or the applicant does with an appeal."""

    REGISTER = "register"
    ASSIGN = "assign"
    START = "start"
    ASK_FIX = "ask_fix"
    SUPPLEMENT = "supplement"
    ACCEPT_FIX = "accept_fix"
    FORWARD = "forward"
    FORWARD_PART = "forward_part"
    HEARING = "hearing"
    PROTOCOL = "protocol"
    EXTEND = "extend"
    ANSWER = "answer"
    RETURN = "return"
    TERMINATE = "terminate"
    WITHDRAW = "withdraw"
    COMPLAIN = "complain"


class IllegalTransition(Exception):
    """An action that the state of the appeal does not allow."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{action.value} is not possible for an appeal that is {status.value}")
        self.status = status
        self.action = action


def _table() -> dict[tuple[Status, Action], Status]:
    A, S = Action, Status  # noqa: N806 - the table is read by its columns
    ends = {A.TERMINATE: S.TERMINATED, A.WITHDRAW: S.WITHDRAWN}
    considered = {**ends, A.ASK_FIX: S.NEEDS_FIX, A.ANSWER: S.ANSWERED}
    routed = {**considered, A.FORWARD: S.FORWARDED, A.RETURN: S.RETURNED}
    return {
        (status, action): following
        for status, row in {
            # Registration cannot be refused (art. 64), so a new appeal is registered or withdrawn.
            S.CREATED: {A.REGISTER: S.REGISTERED, A.WITHDRAW: S.WITHDRAWN},
            S.REGISTERED: {**routed, A.ASSIGN: S.IN_PROGRESS, A.START: S.IN_PROGRESS},
            # Whether it is mended is for the desk to say; the citizen may add to it until then.
            S.NEEDS_FIX: {
                **ends,
                A.SUPPLEMENT: S.FIXED,
                A.ACCEPT_FIX: S.IN_PROGRESS,
                A.RETURN: S.RETURNED,
            },
            S.FIXED: {**ends, A.SUPPLEMENT: S.FIXED, A.ACCEPT_FIX: S.IN_PROGRESS, A.ASK_FIX: S.NEEDS_FIX},
            S.IN_PROGRESS: {**routed, A.HEARING: S.HEARING, A.EXTEND: S.EXTENDED},
            S.FORWARDED: {**routed, A.START: S.IN_PROGRESS, A.EXTEND: S.EXTENDED},
            S.EXTENDED: {**considered, A.HEARING: S.HEARING},
            S.HEARING: {
                **ends,
                A.SUPPLEMENT: S.HEARING,
                A.PROTOCOL: S.IN_PROGRESS,
                A.EXTEND: S.HEARING,
                A.ANSWER: S.ANSWERED,
            },
        }.items()
        for action, following in row.items()
    } | {
        # These leave the appeal where it is.
        (status, action): status
        for action, statuses in {
            A.ASSIGN: (S.NEEDS_FIX, S.FIXED, S.IN_PROGRESS, S.EXTENDED, S.HEARING),
            A.SUPPLEMENT: (S.REGISTERED, S.IN_PROGRESS, S.EXTENDED),
            A.FORWARD_PART: (S.REGISTERED, S.IN_PROGRESS, S.FORWARDED),
            A.COMPLAIN: tuple(set(Status) - {S.CREATED, S.WITHDRAWN}),
        }.items()
        for status in statuses
    }


TRANSITIONS: Mapping[tuple[Status, Action], Status] = MappingProxyType(_table())
"""(state, action) -> the state after it. What is not here is not possible; the terms are in `procedure`."""

TERMINAL: frozenset[Status] = frozenset(
    status
    for status in Status
    if all(following is status for (before, _), following in TRANSITIONS.items() if before is status)
)
"""States that nothing leads out of. A complaint against the outcome is an appeal of its own."""


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
                Status.FIXED,
                Bilingual("Толықтырылды", "Дополнено"),
                Bilingual(
                    "Толықтыруыңыз жолданымға қосылды. Қызметкер оны тексеріп, қарауды жалғастырады.",
                    "Ваше дополнение приложено к обращению. Сотрудник проверит его и продолжит рассмотрение.",
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
                Status.HEARING,
                Bilingual("Тыңдау", "Заслушивание"),
                Bilingual(
                    "Шешім қабылданғанға дейін сізге алдын ала шешім көрсетіліп, өз ойыңызды айтуға мүмкіндік "
                    "беріледі.",
                    "До решения вам показывают предварительное решение и дают возможность высказаться.",
                ),
            ),
            StatusInfo(
                Status.ANSWERED,
                Bilingual("Жауап берілді", "Дан ответ"),
                Bilingual(
                    "Қарау аяқталды, жауап дайын. Жауаппен келіспесеңіз, оған шағымдана аласыз.",
                    "Рассмотрение завершено, ответ готов. Если вы с ним не согласны, его можно обжаловать.",
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
                    "Жолданымды өзіңіз кері қайтарып алдыңыз. Қажет болса, жаңасын бере аласыз.",
                    "Вы сами отозвали обращение. При необходимости можно подать новое.",
                ),
            ),
            StatusInfo(
                Status.TERMINATED,
                Bilingual("Қарау тоқтатылды", "Рассмотрение прекращено"),
                Bilingual(
                    "Жолданымды қарау тоқтатылды, себебі хабарламада жазылған. Бұған шағымдануға болады.",
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
