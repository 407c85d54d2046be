"""The receipt on paper: every word and letter of it, in both languages, the same bytes every time."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from appeals.appeal import Capacity, Representative
from appeals.kinds import Kind
from bot.app.receipts import Receipts
from bot.app.records import AppealRecord, ReceiptPaper
from bot.receipt_pdf import PdfPrinter
from dialogs.model import Mode
from tests.contracts.samples import appeal, draft
from tests.factories import knowledge, renderer
from text.bilingual import Locale

LETTERS = "ӘҒҚҢӨҰҮҺІәғқңөұүһіЁёъы₸№«»–"


async def printed(record: AppealRecord, mode: Mode = Mode.DEMO, *, signed: bool = False) -> PdfReader:
    receipts = Receipts(knowledge(mode), renderer(), PdfPrinter())
    document = await receipts.of(record, signed=signed)
    assert document.content == (await receipts.of(record, signed=signed)).content
    assert (document.name, document.media_type) == (f"talon-{record.reference}.pdf", "application/pdf")
    return PdfReader(io.BytesIO(document.content))


def words(paper: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in paper.pages).split())


async def test_a_new_appeals_receipt_says_what_was_filed_and_when_an_answer_may_be_expected() -> None:
    record = appeal(reference="KM-2026-000077", draft=draft(text=f"Жылу жоқ {LETTERS}\n<b>екінші & жол"))
    paper = await printed(record)
    told = words(paper)
    for part in (
        "KM-2026-000077",
        "Энергетика басқармасы",
        "Шағым",
        "Астана қаласы, Абай даңғылы, 1",
        "Үлгі Өтініш Әліпбиұлы",
        "сурет.jpg",
        "ӘРПК, 99-бап",
        "тіркелсе",
        f"Жылу жоқ {LETTERS}",
        "<b>екінші & жол",
        "ДЕМОНСТРАЦИЯ",
        "1 беттің 1-беті",
    ):
        assert part in told
    assert "000101500009" not in told
    assert record.secret_hash not in told


@pytest.mark.parametrize(
    ("locale", "title"), [("kk", "Жолданымды қабылдау талоны"), ("ru", "Талон о приёме обращения")]
)
async def test_it_names_its_language_and_title_for_screen_readers(locale: Locale, title: str) -> None:
    paper = await printed(appeal(locale=locale))
    assert paper.metadata is not None
    assert str(paper.metadata.title).startswith(title)
    assert paper.trailer["/Root"]["/Lang"] == locale
    assert paper.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


async def test_a_registered_appeals_receipt_has_number_term_and_organisation() -> None:
    record = replace(
        appeal(locale="ru"),
        number="ЖТ-2026-00000042",
        registered_on=date(2026, 11, 20),
        due=date(2026, 12, 11),
        due_article="76 (1–2)",
    )
    told = words(await printed(record, Mode.DESK))
    for part in (
        "ЖТ-2026-00000042",
        "20 ноября 2026 года",
        "не позднее 11 декабря 2026 года (АППК, статья 76, части 1–2)",
        "Акимат Бурабайского района, БИН 050540000006",
    ):
        assert part in told
    assert "ДЕМОНСТРАЦИЯ" not in told
    assert "если зарегистрируют" not in told


async def test_a_long_text_runs_over_numbered_pages_each_with_the_mark() -> None:
    paper = await printed(appeal(draft=draft(text="сөз " * 2000)))
    assert len(paper.pages) > 1
    for number, page in enumerate(paper.pages, 1):
        told = " ".join(page.extract_text().split())
        assert f"{len(paper.pages)} беттің {number}-беті" in told
        assert "ДЕМОНСТРАЦИЯ" in told


async def test_hostile_words_do_no_harm() -> None:
    text = "<img src='file:///etc/passwd'/> <para> &lt; \u202e \x00 🔥 " + "ж" * 3000
    assert "<para>" in words(await printed(appeal(draft=draft(text=text))))


async def test_a_receipt_says_whether_the_appeal_is_signed() -> None:
    assert "ЭЦҚ қойылмаған" in words(await printed(appeal()))
    assert "Қолтаңба ЭЦҚ қойылған" in words(await printed(appeal(), signed=True))


async def test_a_complaints_receipt_says_who_considers_it() -> None:
    complaint = draft(body_id="education.district", place="117020100")
    record = appeal(locale="ru", draft=complaint, body_name="Отдел образования (Бурабайский район)")
    known = "Кто рассматривает жалобу Жалобу на этот орган обычно рассматривает: Аппарат акима района"
    assert known in words(await printed(record))
    nameless = replace(record, draft=replace(complaint, body_id="insurance_fund"), locale="kk")
    assert "Шағымды кім қарайды Шағымды үстінен шағым түскен органнан жоғары тұрған орган" in words(
        await printed(nameless)
    )
    handed_over = replace(record, body_name="Аппарат акима района", reached_on=date(2026, 11, 20))
    told = words(await printed(handed_over))
    assert "Кто рассматривает жалобу Жалоба передана на рассмотрение: Аппарат акима района." in told
    application = replace(record, draft=replace(complaint, kind=Kind.APPLICATION))
    assert "рассматривает" not in words(await printed(application))


async def test_a_receipt_names_who_files_for_another_and_how_many_a_group_is() -> None:
    mother = Representative("Сынақова Мысал", "анасы")
    for_child = draft(capacity=Capacity.ANOTHER, representative=mother)
    assert "Өкілі Сынақова Мысал, анасы" in words(await printed(appeal(draft=for_child)))
    assert "Сынақова Мысал" not in words(await printed(appeal(draft=draft(representative=mother))))
    group = draft(capacity=Capacity.GROUP, people=25)
    assert "Сколько человек 25" in words(await printed(appeal(locale="ru", draft=group)))


async def test_the_qr_code_opens_the_status_page_in_the_citizens_language() -> None:
    papers: list[ReceiptPaper] = []

    class Printer:
        def print(self, paper: ReceiptPaper) -> bytes:
            papers.append(paper)
            return b""

    await Receipts(knowledge(), renderer(), Printer()).of(
        appeal(locale="ru", reference="KM-2026-000077"), signed=False
    )
    assert papers[0].link.endswith("/status?reference=KM-2026-000077&lang=ru")
