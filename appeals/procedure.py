"""What the Code allows with an appeal today: which steps, until when, and why not. One place for desk, page and chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from appeals import deadlines, steps
from appeals.calendar import WorkCalendar
from appeals.deadlines import Due
from appeals.decisions import (
    SIMPLIFIED,
    Decision,
    ReturnGround,
    characters_for,
    decisions_for,
    terminations_for,
)
from appeals.kinds import Kind
from appeals.lifecycle import TERMINAL, Action, Status, allowed
from text.bilingual import Bilingual

USUAL_FIX_DAYS = 5
"""Proposed to the official for mending an appeal; the Code asks for a reasonable term and names no number."""


class Unlawful(Exception):
    """A step the Code does not allow now. `reason` says what is possible; `field` names what was given wrong."""

    def __init__(self, reason: Bilingual, field: str = "") -> None:
        super().__init__(reason.ru)
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an appeal stands in the procedure.

    received: the day it reached the body that has it now; registered: the day its term counts from. decide_from: the
    first day for a burdensome act after the notice of a hearing.
    """

    kind: Kind
    status: Status
    received: date
    registered: date | None = None
    due: date | None = None
    fix_until: date | None = None
    extended_on: date | None = None
    hearing_on: date | None = None
    decide_from: date | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in TERMINAL

    def overdue(self, today: date) -> bool:
        """Whether the term has passed without an end: silence, which counts as a refusal."""
        return not self.ended and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Window:
    """When a step may be taken and what day it may name.

    closed: why it is not possible today. first, last: bounds of the day the step names. term: the lawful term of the
    step itself. late: the term has passed; only the head may still take the step.
    """

    closed: Bilingual | None = None
    first: date | None = None
    last: date | None = None
    term: Due | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """The rules on one day."""

    calendar: WorkCalendar
    today: date

    def windows(self, standing: Standing) -> Mapping[Action, Window]:
        """Every step the life cycle has for this state, also those that are closed today."""
        return {action: self.window(standing, action) for action in allowed(standing.status)}

    def window(self, standing: Standing, action: Action) -> Window:
        """When one step may be taken. The life cycle's table is not asked again."""
        rule = _WINDOWS.get(action)
        return rule(self, standing) if rule else Window()

    def check(self, standing: Standing, step: steps.Step, *, head: bool) -> None:
        """Raises Unlawful. `head`: the head of the body takes the step."""
        window = self.window(standing, step.action)
        if window.closed is not None:
            raise Unlawful(window.closed)
        if window.late and not head:
            raise Unlawful(_only_head(window.term))
        match step:
            case steps.AskFix(until=day) | steps.Extend(until=day):
                self._check_day(window, day, "until")
            case steps.Hearing(on=day):
                self._check_day(window, day, "on")
            case steps.Answer():
                self._check_answer(standing, step)
            case steps.Return(ground=ground):
                mending = standing.status is Status.NEEDS_FIX
                if (ground is ReturnGround.NOT_FIXED) is not mending:
                    raise Unlawful(_WRONG_GROUND, "ground")
            case steps.Terminate(ground=ground):
                if ground not in terminations_for(standing.kind):
                    raise Unlawful(_WRONG_GROUND, "ground")

    def _check_day(self, window: Window, day: date, name: str) -> None:
        if window.first is None or window.last is None or not window.first <= day <= window.last:
            raise Unlawful(_between(window), name)
        if not self.calendar.is_working(day):
            raise Unlawful(_NOT_WORKING, name)

    def _check_answer(self, standing: Standing, step: steps.Answer) -> None:
        if step.decision not in decisions_for(standing.kind):
            raise Unlawful(_WRONG_DECISION, "decision")
        if step.character not in characters_for(step.decision):
            raise Unlawful(_WRONG_CHARACTER, "character")
        if step.decision is not Decision.BURDENSOME_ACT or step.waiver is not None:
            return
        if standing.decide_from is None:
            raise Unlawful(_HEARING_FIRST, "waiver")
        if self.today < standing.decide_from:
            raise Unlawful(_too_soon(standing.decide_from), "decision")

    # --- when -----------------------------------------------------------------------------------

    def _registration(self, standing: Standing) -> Window:
        registered = max(standing.received, self.calendar.on_or_after(self.today))
        return Window(term=deadlines.consideration(standing.kind, registered, self.calendar))

    def _mending(self, standing: Standing) -> Window:
        """The answer has to be possible after the term set, so that ends before the term of consideration."""
        first = self.calendar.next_working(self.today)
        last = self.calendar.add(standing.due, -1) if standing.due else first
        return Window(_NO_TIME_LEFT) if first > last else Window(first=first, last=last)

    def _returning(self, standing: Standing) -> Window:
        if standing.status is Status.NEEDS_FIX and standing.fix_until:
            term = deadlines.return_(standing.fix_until, self.calendar)
            if self.today <= standing.fix_until:
                return Window(_still_mending(standing.fix_until), term=term)
        else:
            term = deadlines.return_(standing.registered or standing.received, self.calendar)
        return Window(_return_over(term) if self.today > term.on else None, term=term)

    def _forwarding(self, standing: Standing) -> Window:
        rule = deadlines.complaint_handover if standing.kind is Kind.COMPLAINT else deadlines.forwarding
        term = rule(standing.received, self.calendar)
        return Window(term=term, late=self.today > term.on)

    def _partial_forwarding(self, standing: Standing) -> Window:
        term = deadlines.partial_forwarding(standing.received, self.calendar)
        return Window(term=term, late=self.today > term.on)

    def _extension(self, standing: Standing) -> Window:
        if not deadlines.may_extend(standing.kind):
            return Window(_COMPLAINT_NOT_EXTENDED)
        if standing.extended_on is not None:
            return Window(_EXTENDED_ONCE)
        if standing.overdue(self.today):
            return Window(_OVERDUE_NOT_EXTENDED)
        limit = deadlines.extension_limit(self.today, self.calendar)
        after = max(standing.due or self.today, self.today)
        return Window(first=self.calendar.next_working(after), last=limit.on, term=limit)

    def _hearing(self, standing: Standing) -> Window:
        if standing.kind in SIMPLIFIED:
            return Window(_NO_HEARING)
        # The applicant has two working days to object or to ask for it orally, so it is not held before.
        objection = deadlines.hearing_objection(self.today, self.calendar)
        last = self.calendar.add(standing.due, -1) if standing.due else objection.on
        if objection.on > last:
            return Window(_NO_TIME_FOR_HEARING)
        return Window(first=objection.on, last=last, term=objection)

    def _protocol(self, standing: Standing) -> Window:
        held = standing.hearing_on or self.today
        term = deadlines.hearing_protocol(held, self.calendar)
        return Window(_not_held_yet(held) if self.today < held else None, term=term)

    def _answer(self, standing: Standing) -> Window:
        return Window(
            term=deadlines.consideration(standing.kind, standing.registered, self.calendar)
            if standing.registered
            else None
        )

    def _termination(self, standing: Standing) -> Window:
        rule = (
            deadlines.complaint_unconsidered_notice
            if standing.kind is Kind.COMPLAINT
            else deadlines.termination_notice
        )
        return Window(term=rule(self.today, self.calendar))

    def _complaint(self, standing: Standing) -> Window:
        if not standing.ended and not standing.overdue(self.today):
            return Window(_NOTHING_TO_COMPLAIN_OF)
        return Window(term=deadlines.complaint_filing(self.today))

    def usual_fix_day(self, window: Window) -> date | None:
        """A term for mending to propose, within the window."""
        if window.last is None:
            return None
        return min(self.calendar.add(self.today, USUAL_FIX_DAYS), window.last)

    def decide_from(self) -> date:
        """The first day for a burdensome act when the notice of a hearing is sent today (art. 73 (1))."""
        return self.calendar.add(self.today, 3)


_WINDOWS: Mapping[Action, Callable[[Procedure, Standing], Window]] = MappingProxyType(
    {
        Action.REGISTER: Procedure._registration,
        Action.ASK_FIX: Procedure._mending,
        Action.RETURN: Procedure._returning,
        Action.FORWARD: Procedure._forwarding,
        Action.FORWARD_PART: Procedure._partial_forwarding,
        Action.EXTEND: Procedure._extension,
        Action.HEARING: Procedure._hearing,
        Action.PROTOCOL: Procedure._protocol,
        Action.ANSWER: Procedure._answer,
        Action.TERMINATE: Procedure._termination,
        Action.COMPLAIN: Procedure._complaint,
    }
)


# --- reasons --------------------------------------------------------------------------------------


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _between(window: Window) -> Bilingual:
    first, last = (_shown(day) if day else "–" for day in (window.first, window.last))
    return Bilingual(f"{first} – {last} аралығындағы күнді таңдаңыз.", f"Выберите день с {first} по {last}.")


def _still_mending(until: date) -> Bilingual:
    return Bilingual(
        f"Толықтыру мерзімі {_shown(until)} күні бітеді. Ол өткенше қайтаруға болмайды (ӘРПК, 64-бап, 7-бөлік).",
        f"Срок для дополнения – до {_shown(until)}. Пока он не прошёл, возвращать нельзя (АППК, статья 64, часть 7).",
    )


def _return_over(term: Due) -> Bilingual:
    return Bilingual(
        f"Қайтаруға берілген 3 жұмыс күні {_shown(term.on)} күні бітті (ӘРПК, 64-бап, 7-бөлік). Жолданымды мәні бойынша қараңыз.",
        f"Три рабочих дня для возврата закончились {_shown(term.on)} (АППК, статья 64, часть 7). Рассмотрите обращение по существу.",
    )


def _only_head(term: Due | None) -> Bilingual:
    day = _shown(term.on) if term else ""
    return Bilingual(
        f"Жолдауға берілген 3 жұмыс күні {day} күні бітті. Енді мұны тек басшы жасай алады; әйтпесе мәні бойынша жауап беріңіз.",
        f"Три рабочих дня для передачи закончились {day}. Теперь передать может только руководитель; "
        "иначе отвечайте по существу.",
    )


def _not_held_yet(day: date) -> Bilingual:
    return Bilingual(
        f"Тыңдау {_shown(day)} күні өтеді; хаттама содан кейін жасалады (ӘРПК, 74-бап).",
        f"Заслушивание назначено на {_shown(day)}; протокол составляют после него (АППК, статья 74).",
    )


def _too_soon(day: date) -> Bilingual:
    return Bilingual(
        f"Тыңдау туралы хабарлама берілген соң ауыртпалық салатын актіні {_shown(day)} күнінен бастап қабылдауға болады "
        "(ӘРПК, 73-бап, 1-бөлік).",
        f"После извещения о заслушивании обременяющий акт можно принять с {_shown(day)} (АППК, статья 73, часть 1).",
    )


_NOT_WORKING = Bilingual("Бұл күн – демалыс. Жұмыс күнін таңдаңыз.", "Это нерабочий день. Выберите рабочий.")
_NO_TIME_LEFT = Bilingual(
    "Қарау мерзімі бітуге жақын, толықтыруға уақыт жоқ. Мәні бойынша жауап беріңіз немесе мерзімді ұзартыңыз.",
    "Срок рассмотрения почти истёк, на дополнение времени нет. Ответьте по существу или продлите срок.",
)
_COMPLAINT_NOT_EXTENDED = Bilingual(
    "Шағымды қарау мерзімі ұзартылмайды (ӘРПК, 99-бап).",
    "Срок рассмотрения жалобы не продлевается (АППК, статья 99).",
)
_EXTENDED_ONCE = Bilingual(
    "Мерзім бір рет ұзартылған. Екінші рет ұзартылмайды (ӘРПК, 76-бап, 3-бөлік).",
    "Срок уже продлевали. Второй раз продлить нельзя (АППК, статья 76, часть 3).",
)
_OVERDUE_NOT_EXTENDED = Bilingual(
    "Мерзім өтіп кетті, енді ұзартуға болмайды. Жауап беріңіз.",
    "Срок уже прошёл, продлить его нельзя. Дайте ответ.",
)
_NO_HEARING = Bilingual(
    "Оңайлатылған рәсімде тыңдау өткізілмейді (ӘРПК, 73-бап).",
    "В упрощённой процедуре заслушивание не проводят (АППК, статья 73).",
)
_NO_TIME_FOR_HEARING = Bilingual(
    "Мерзім біткенше тыңдауға уақыт жетпейді. Алдымен мерзімді ұзартыңыз.",
    "До конца срока провести заслушивание не успеть. Сначала продлите срок.",
)
_HEARING_FIRST = Bilingual(
    "Ауыртпалық салатын актінің алдында арыз иесін тыңдау керек (ӘРПК, 73-бап). Тыңдау тағайындаңыз "
    "немесе неге тыңдалмайтынын көрсетіңіз.",
    "Перед обременяющим актом заявителя нужно заслушать (АППК, статья 73). Назначьте заслушивание или "
    "укажите, почему оно не проводится.",
)
_NOTHING_TO_COMPLAIN_OF = Bilingual(
    "Шешім де жоқ, мерзім де өткен жоқ: шағымдануға әзірге негіз жоқ.",
    "Решения ещё нет и срок не прошёл: обжаловать пока нечего.",
)
_WRONG_GROUND = Bilingual(
    "Бұл негіз мұндай жолданымға жарамайды. Тізімнен таңдаңыз.",
    "Для этого обращения такое основание не подходит. Выберите из списка.",
)
_WRONG_DECISION = Bilingual(
    "Мұндай жолданым бойынша бұл шешім қабылданбайды. Тізімнен таңдаңыз.",
    "По обращению этого вида такое решение не принимают. Выберите из списка.",
)
_WRONG_CHARACTER = Bilingual(
    "Жауап түрі таңдалған шешімге сай емес.", "Характер ответа не подходит к выбранному решению."
)
