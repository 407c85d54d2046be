"""The terms of the Administrative Procedural Code as dates, each with its article and its reason."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appeals.calendar import ALMATY, WorkCalendar
from appeals.kinds import Kind
from text.bilingual import Bilingual

ACT = Bilingual("Әкімшілік рәсімдік-процестік кодекс", "Административный процедурно-процессуальный кодекс")
STATE_SERVICES_ACT = Bilingual(
    "«Мемлекеттік және әлеуметтік жауапты көрсетілетін қызметтер туралы» заң",
    "Закон «О государственных и социально ответственных услугах»",
)
CLOSES = time(18, 30)

APPEAL_DAYS = 15
COMPLAINT_DAYS = 20
SERVICE_COMPLAINT_DAYS = 5
EXTENSION_MONTHS = 2
COMPLAINT_MONTHS = 3
COMPLAINT_MONTHS_UNTOLD = 6
CLAIM_MONTHS = 1


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term.

    on: the day itself, until its end in Kazakhstan. days: length in working days, None for terms in months.
    article: language-neutral, of the Code unless the reason names another act. rule: stable id.
    """

    on: date
    days: int | None
    article: str
    rule: str
    reason: Bilingual


def citation(article: str) -> Bilingual:
    """An article of the Code as it is cited: "76 (1–2)" is «ӘРПК, 76-бап, 1–2-бөліктер» and «АППК, статья 76, части 1–2»."""
    number, _, rest = article.partition(" ")
    parts = [part.strip(" ()") for part in rest.split(",") if part.strip(" ()")]
    kk, ru = f"ӘРПК, {number}-бап", f"АППК, статья {number}"
    if not parts:
        return Bilingual(kk, ru)
    one = len(parts) == 1 and parts[0].isdecimal()
    return Bilingual(
        f"{kk}, {' және '.join(parts)}-{'бөлік' if one else 'бөліктер'}",
        f"{ru}, {'часть' if one else 'части'} {' и '.join(parts)}",
    )


def registration_date(
    received: datetime, calendar: WorkCalendar, closes: time = CLOSES, zone: ZoneInfo = ALMATY
) -> date:
    """The day of registration (art. 64 (3)): the day of receipt, or the next working day when it came late.

    `received` must be aware (ValueError). An appeal that comes exactly at closing time still counts for
    that day.
    """
    if received.tzinfo is None:
        raise ValueError("the moment of receipt needs a time zone")
    local = received.astimezone(zone)
    if calendar.is_working(local.date()) and local.time() <= closes:
        return local.date()
    return calendar.next_working(local.date())


def consideration(kind: Kind, registered: date, calendar: WorkCalendar) -> Due:
    """Last day for the answer: 15 working days after registration (art. 76), 20 for a complaint (art. 99)."""
    if kind is Kind.COMPLAINT:
        return Due(
            calendar.add(registered, COMPLAINT_DAYS),
            COMPLAINT_DAYS,
            "99",
            "complaint_consideration",
            Bilingual(
                "Шағым тіркелген күннен бастап 20 жұмыс күні ішінде қаралады, есеп келесі күннен басталады "
                "(ӘРПК, 99-бап).",
                "Жалобу рассматривают 20 рабочих дней со дня регистрации, отсчёт идёт со следующего дня "
                "(АППК, статья 99).",
            ),
        )
    return Due(
        calendar.add(registered, APPEAL_DAYS),
        APPEAL_DAYS,
        "76 (1–2)",
        "consideration",
        Bilingual(
            "Жолданым тіркелген күннен бастап 15 жұмыс күні ішінде қаралады, есеп келесі күннен басталады "
            "(ӘРПК, 76-бап, 1–2-бөліктер).",
            "Обращение рассматривают 15 рабочих дней со дня регистрации, отсчёт идёт со следующего дня "
            "(АППК, статья 76, части 1–2).",
        ),
    )


def consideration_after_forwarding(kind: Kind, reached: date, calendar: WorkCalendar) -> Due:
    """Last day for the answer of the body an appeal was forwarded to, counted after the day it got there."""
    if kind is Kind.COMPLAINT:
        return consideration(kind, reached, calendar)
    return Due(
        calendar.add(reached, APPEAL_DAYS),
        APPEAL_DAYS,
        "76 (1–2)",
        "consideration_forwarded",
        Bilingual(
            "Басқа органға жіберілген жолданым үшін 15 жұмыс күні сол органға түскен күннің ертеңінен бастап "
            "есептеледі "
            "(ӘРПК, 76-бап, 1–2-бөліктер).",
            "Для перенаправленного обращения 15 рабочих дней считаются со дня, следующего за днём "
            "поступления в новый орган "
            "(АППК, статья 76, части 1–2).",
        ),
    )


def may_extend(kind: Kind) -> bool:
    """Whether the Code lets the term be extended: not for a complaint unless another law says so."""
    return kind is not Kind.COMPLAINT


def extension_limit(decided_on: date, calendar: WorkCalendar) -> Due:
    """The latest day an extended term may end: two months from the decision, moved on from a day off."""
    return Due(
        calendar.on_or_after(_months_after(decided_on, EXTENSION_MONTHS)),
        None,
        "76 (3), (5)",
        "extension_limit",
        Bilingual(
            "Мерзім уәжді шешіммен ұзартылады және сол шешім қабылданған күннен бастап екі айдан аспайды "
            "(ӘРПК, 76-бап, 3-бөлік).",
            "Срок продлевают мотивированным решением, не более чем на два месяца со дня этого решения "
            "(АППК, статья 76, часть 3).",
        ),
    )


def extension_notice(decided_on: date, calendar: WorkCalendar) -> Due:
    """Last day to tell the applicant of an extension."""
    return _working_days(
        decided_on,
        3,
        calendar,
        article="76 (3)",
        rule="extension_notice",
        reason=Bilingual(
            "Мерзімнің ұзартылғаны туралы арыз иесіне 3 жұмыс күні ішінде хабарланады (ӘРПК, 76-бап, "
            "3-бөлік).",
            "О продлении срока заявителю сообщают в течение 3 рабочих дней (АППК, статья 76, часть 3).",
        ),
    )


def forwarding(received: date, calendar: WorkCalendar) -> Due:
    """Last day to forward an appeal to the competent body and tell the applicant."""
    return _working_days(
        received,
        3,
        calendar,
        article="65 (1)",
        rule="forwarding",
        reason=Bilingual(
            "Мәселе басқа органның құзыретінде болса, жолданым түскен күннен бастап 3 жұмыс күнінен "
            "кешіктірілмей соған "
            "жолданады және сізге хабарланады (ӘРПК, 65-бап, 1-бөлік).",
            "Если вопрос решает другой орган, обращение передают ему не позднее 3 рабочих дней со дня "
            "поступления и "
            "сообщают вам (АППК, статья 65, часть 1).",
        ),
    )


def partial_forwarding(received: date, calendar: WorkCalendar) -> Due:
    """Last day to forward the demands that another body decides."""
    return _working_days(
        received,
        3,
        calendar,
        article="65 (2)",
        rule="partial_forwarding",
        reason=Bilingual(
            "Талаптың бір бөлігін басқа орган шешетін болса, сол бөлігі 3 жұмыс күнінен кешіктірілмей "
            "жолданады "
            "(ӘРПК, 65-бап, 2-бөлік).",
            "Если часть требований решает другой орган, эту часть передают ему не позднее 3 рабочих дней "
            "(АППК, статья 65, часть 2).",
        ),
    )


def return_(since: date, calendar: WorkCalendar) -> Due:
    """Last day to return an appeal; `since`: the end of the term set for its defects, or its registration."""
    return _working_days(
        since,
        3,
        calendar,
        article="64 (7)",
        rule="return",
        reason=Bilingual(
            "Жолданым 3 жұмыс күні ішінде, себебі көрсетіліп қайтарылады (ӘРПК, 64-бап, 7-бөлік).",
            "Обращение возвращают в течение 3 рабочих дней с указанием причин (АППК, статья 64, часть 7).",
        ),
    )


def termination_notice(decided_on: date, calendar: WorkCalendar) -> Due:
    """Last day to tell the participant that the procedure was terminated."""
    return _working_days(
        decided_on,
        3,
        calendar,
        article="70",
        rule="termination_notice",
        reason=Bilingual(
            "Рәсімнің тоқтатылғаны туралы 3 жұмыс күні ішінде хабарланады (ӘРПК, 70-бап).",
            "О прекращении процедуры сообщают в течение 3 рабочих дней (АППК, статья 70).",
        ),
    )


def complaint_unconsidered_notice(decided_on: date, calendar: WorkCalendar) -> Due:
    """Last day to tell the complainant that the complaint was left without consideration."""
    return _working_days(
        decided_on,
        3,
        calendar,
        article="95",
        rule="complaint_unconsidered_notice",
        reason=Bilingual(
            "Шағымның қараусыз қалдырылғаны туралы 3 жұмыс күні ішінде хабарланады (ӘРПК, 95-бап).",
            "Об оставлении жалобы без рассмотрения сообщают в течение 3 рабочих дней (АППК, статья 95).",
        ),
    )


def hearing_notice(act_on: date, calendar: WorkCalendar) -> Due:
    """The latest day to send the notice of a hearing before a burdensome act is adopted on `act_on`."""
    return _working_days(
        act_on,
        -3,
        calendar,
        article="73 (1)",
        rule="hearing_notice",
        reason=Bilingual(
            "Тыңдау туралы әкімшілік акт қабылданардан кемінде 3 жұмыс күні бұрын хабарланады (ӘРПК, "
            "73-бап, 1-бөлік).",
            "О заслушивании извещают не позднее чем за 3 рабочих дня до принятия административного акта "
            "(АППК, статья 73, часть 1).",
        ),
    )


def hearing_objection(delivered_on: date, calendar: WorkCalendar) -> Due:
    """Last day to object to a preliminary decision or ask for an oral hearing."""
    return _working_days(
        delivered_on,
        2,
        calendar,
        article="73 (3)",
        rule="hearing_objection",
        reason=Bilingual(
            "Алдын ала шешімге қарсылықты оны алған күннен бастап 2 жұмыс күнінен кешіктірмей білдіруге "
            "болады "
            "(ӘРПК, 73-бап, 3-бөлік).",
            "Возразить против предварительного решения можно не позднее 2 рабочих дней со дня его получения "
            "(АППК, статья 73, часть 3).",
        ),
    )


def hearing_protocol(heard_on: date, calendar: WorkCalendar) -> Due:
    """Last day to draw up the protocol of a hearing."""
    return _working_days(
        heard_on,
        2,
        calendar,
        article="74",
        rule="hearing_protocol",
        reason=Bilingual(
            "Тыңдау хаттамасы 2 жұмыс күні ішінде жасалады (ӘРПК, 74-бап).",
            "Протокол заслушивания составляют в течение 2 рабочих дней (АППК, статья 74).",
        ),
    )


def hearing_remarks(acquainted_on: date, calendar: WorkCalendar) -> Due:
    """Last day for the participant's remarks to the protocol of a hearing."""
    return _working_days(
        acquainted_on,
        3,
        calendar,
        article="74",
        rule="hearing_remarks",
        reason=Bilingual(
            "Тыңдау хаттамасына ескертпелерді 3 жұмыс күні ішінде беруге болады (ӘРПК, 74-бап).",
            "Замечания к протоколу заслушивания можно подать в течение 3 рабочих дней (АППК, статья 74).",
        ),
    )


def file_access(requested_on: date, calendar: WorkCalendar) -> Due:
    """Last day to show the participant the case file."""
    return _working_days(
        requested_on,
        3,
        calendar,
        article="75",
        rule="file_access",
        reason=Bilingual(
            "Сұраған күннен бастап 3 жұмыс күні ішінде әкімшілік іс материалдарымен таныстырылады (ӘРПК, "
            "75-бап).",
            "С материалами административного дела знакомят в течение 3 рабочих дней со дня просьбы (АППК, "
            "статья 75).",
        ),
    )


def slip_correction(requested_on: date, calendar: WorkCalendar) -> Due:
    """Last day to correct a slip or an arithmetical error in an act."""
    return _working_days(
        requested_on,
        3,
        calendar,
        article="82",
        rule="slip_correction",
        reason=Bilingual(
            "Әкімшілік актідегі жаңсақ жазулар мен қателер 3 жұмыс күні ішінде түзетіледі (ӘРПК, 82-бап).",
            "Описки и ошибки в административном акте исправляют в течение 3 рабочих дней (АППК, статья 82).",
        ),
    )


def execution(in_force_on: date, calendar: WorkCalendar) -> Due:
    """Last day to execute an act that sets no term of its own."""
    return _working_days(
        in_force_on,
        5,
        calendar,
        article="86",
        rule="execution",
        reason=Bilingual(
            "Басқа мерзім белгіленбесе, әкімшілік акт 5 жұмыс күні ішінде орындалады (ӘРПК, 86-бап).",
            "Административный акт исполняют в течение 5 рабочих дней, если не установлен другой срок "
            "(АППК, статья 86).",
        ),
    )


def complaint_handover(received: date, calendar: WorkCalendar) -> Due:
    """Last day for the challenged body to satisfy a complaint in full or send it up with the file."""
    return _working_days(
        received,
        3,
        calendar,
        article="91 (4)",
        rule="complaint_handover",
        reason=Bilingual(
            "Үстінен шағым түскен орган оны 3 жұмыс күнінен кешіктірмей іспен бірге жоғары тұрған органға "
            "жібереді немесе толық "
            "қанағаттандырады (ӘРПК, 91-бап, 4-бөлік).",
            "Орган, на который жалуются, не позднее 3 рабочих дней передаёт жалобу с делом вышестоящему "
            "органу либо "
            "полностью её удовлетворяет (АППК, статья 91, часть 4).",
        ),
    )


def complaint_filing(learned_on: date, ways_named: bool = True) -> Due:
    """Last day to complain: 3 months from learning of the act, 6 when it did not name the ways to appeal.

    Not moved on from a day off: the earlier day is the safe one for the citizen.
    """
    if ways_named:
        return Due(
            _months_after(learned_on, COMPLAINT_MONTHS),
            None,
            "92",
            "complaint_filing",
            Bilingual(
                "Шағымды шешім немесе әрекет туралы білген күннен бастап 3 ай ішінде беруге болады (ӘРПК, "
                "92-бап).",
                "Жалобу можно подать в течение 3 месяцев со дня, когда вы узнали о решении или действии "
                "(АППК, статья 92).",
            ),
        )
    return Due(
        _months_after(learned_on, COMPLAINT_MONTHS_UNTOLD),
        None,
        "92",
        "complaint_filing_untold",
        Bilingual(
            "Актіде шағым беру тәртібі көрсетілмесе, шағымды 6 ай ішінде беруге болады (ӘРПК, 92-бап).",
            "Если в акте не указан порядок обжалования, жалобу можно подать в течение 6 месяцев (АППК, "
            "статья 92).",
        ),
    )


def deemed_refusal(kind: Kind, due: date) -> Due:
    """The first day on which silence counts as a refusal: the day after the term `due`."""
    article, kk, ru = ("100 (5)", "100-бап, 5-бөлік", "статья 100, часть 5")
    if kind is not Kind.COMPLAINT:
        article, kk, ru = ("91 (2)", "91-бап, 2-бөлік", "статья 91, часть 2")
    return Due(
        due + timedelta(days=1),
        None,
        article,
        "deemed_refusal",
        Bilingual(
            "Мерзімінде жауап берілмесе, бұл бас тарту деп саналады және оған шағымдануға болады "
            f"(ӘРПК, {kk}).",
            f"Если в срок ответа нет, это считается отказом, и его можно обжаловать (АППК, {ru}).",
        ),
    )


def court_claim(delivered_on: date, calendar: WorkCalendar) -> Due:
    """Last day to sue, to annul an act or compel one: a month from delivery of the complaint's decision."""
    return Due(
        calendar.on_or_after(_months_after(delivered_on, CLAIM_MONTHS)),
        None,
        "136",
        "court_claim",
        Bilingual(
            "Дау айту немесе мәжбүрлеу туралы талап қою шағым бойынша шешім тапсырылған күннен бастап бір "
            "ай ішінде сотқа "
            "беріледі (ӘРПК, 136-бап).",
            "Иск об оспаривании или о понуждении подают в суд в течение одного месяца со дня вручения "
            "решения по жалобе "
            "(АППК, статья 136).",
        ),
    )


def service_complaint(registered: date, calendar: WorkCalendar) -> Due:
    """Last day for a provider to consider a complaint on a state service; the act is `STATE_SERVICES_ACT`."""
    return _working_days(
        registered,
        SERVICE_COMPLAINT_DAYS,
        calendar,
        article="25",
        rule="service_complaint",
        reason=Bilingual(
            "Мемлекеттік қызмет көрсету сапасына қатысты шағымды көрсетілетін қызметті беруші әдетте 5 жұмыс күні "
            "ішінде қарайды "
            f"({STATE_SERVICES_ACT.kk}, 25-бап).",
            "Жалобу на качество государственной услуги услугодатель обычно рассматривает 5 рабочих дней "
            f"({STATE_SERVICES_ACT.ru}, статья 25).",
        ),
    )


def _working_days(
    start: date, days: int, calendar: WorkCalendar, *, article: str, rule: str, reason: Bilingual
) -> Due:
    return Due(calendar.add(start, days), abs(days), article, rule, reason)


def _months_after(start: date, months: int) -> date:
    """The same day `months` later, or the last day of a month that is too short."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
