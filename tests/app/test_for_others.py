"""Filing for a child and by power of attorney over the web, to the end: the record, the receipt, the status page."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pypdf import PdfReader

from appeals import steps
from appeals.appeal import Capacity, Representative, missing
from appeals.lifecycle import Status
from bot.bootstrap import Product, web_application
from tests.app.test_desk import EXECUTOR
from tests.factories import ScriptedNlu, parse
from text.bilingual import Locale


@pytest.mark.parametrize(
    ("locale", "story", "label", "person", "signer", "representative", "row", "registered"),
    [
        (
            "ru",
            "Щучинск, от имени моего несовершеннолетнего сына: в школе отказали в питании, прошу помочь",
            "topic.EDU.SCHOOL",
            "Сынақов Үлгі, 150505500018, 8 701 555 00 00, Щучинск, 8 марта 15-4",
            "я мать, Сынақова Мысал",
            Representative("Сынақова Мысал", "мать"),
            "Представитель Сынақова Мысал, мать",
            "Зарегистрировано",
        ),
        (
            "kk",
            "Щучинск: сенімхат бойынша әжемнің атынан жазамын, зейнетақысы келмеді, көмектесіңіздер",
            "topic.SOC.PENSION",
            "Сынақова Үлгі, 450101400018, 8 701 555 00 00, Щучинск, 8 Наурыз 15",
            "Сынақов Мысал, 2026 жылғы 5 қарашадағы № 12 сенімхат",
            Representative("Сынақов Мысал", "2026 жылғы 5 қарашадағы № 12 сенімхат"),
            "Өкілі Сынақов Мысал, 2026 жылғы 5 қарашадағы № 12 сенімхат",
            "Тіркелді",
        ),
    ],
)
async def test_who_files_for_another_stands_in_the_record_and_on_the_receipt(
    product: Product,
    nlu: ScriptedNlu,
    locale: Locale,
    story: str,
    label: str,
    person: str,
    signer: str,
    representative: Representative,
    row: str,
    registered: str,
) -> None:
    nlu.known[story] = parse(label, language=locale)
    async with TestClient(TestServer(web_application(product))) as client:
        opened = await (await client.post("/api/v1/conversations", json={"locale": locale})).json()
        talk = f"/api/v1/conversations/{opened['id']}"
        token = {"Authorization": f"Bearer {opened['token']}"}
        said = ""
        for kind, what in (
            ("text", story),
            ("button", "filing.start"),
            ("button", "filing.agree"),
            ("text", person),
            ("text", signer),
            ("button", "filing.confirm"),
        ):
            sent = await client.post(
                f"{talk}/messages", json={"id": str(uuid.uuid4()), kind: what}, headers=token
            )
            said = "\n".join(reply["text"] for reply in (await sent.json())["replies"])
        (reference,) = re.findall(r"KM-\d{4}-\d{6}", said)
        (secret,) = re.findall(r"(?:код|коды): (\w{10})\.", said)
        async with product.storage.read() as work:
            record = await work.appeals.find_by_reference(reference)
        assert record is not None
        assert record.draft.capacity is Capacity.ANOTHER
        assert record.draft.representative == representative
        assert record.draft.applicant.full_name == person.partition(",")[0]
        assert missing(record.draft) == ()
        done = await product.desk.act(EXECUTOR, record.id, steps.Register())
        assert (done.status, done.number) == (Status.REGISTERED, reference)
        receipt = await client.get(f"{talk}/files/receipt:{reference}", headers=token)
        page = PdfReader(io.BytesIO(await receipt.read())).pages[0]
        assert row in " ".join(page.extract_text().split())
        status = await client.post(
            f"/status?lang={locale}",
            data={"reference": reference, "secret": secret},
            headers={"Origin": str(client.make_url("/").origin())},
        )
        assert registered in await status.text()
