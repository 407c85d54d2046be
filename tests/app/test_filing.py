"""What the registry says to the guided form: filed before, filed once more, and what a complaint can be made of."""

from __future__ import annotations

from appeals.appeal import Attachment
from bot.bootstrap import Product, new_id
from dialogs.events import ButtonPressed, Event, FileSent, UserSaid
from tests.factories import NOON, ScriptedNlu, parse

HEAT = "Щучинск қаласында үш күннен бері жылу жоқ"
PERSON = "Сынақов Мысал, 900101300007, 87015550000, Щучинск, Мира 5"


async def play(product: Product, conversation: str, *lines: str) -> tuple[str, list[str]]:
    """(what the last answer says, its buttons) after words, or after buttons as `press:<action>`."""
    said, buttons = "", list[str]()
    for line in lines:
        action, _, arg = line.removeprefix("press:").partition(":")
        event: Event = (
            ButtonPressed(new_id(), NOON, action, arg)
            if line.startswith("press:")
            else UserSaid(new_id(), NOON, line)
        )
        answers = await product.conversations.exchange(conversation, event, "d")
        said = " ".join(message.text for message in answers)
        buttons = [button.id for message in answers for button in message.buttons]
    return said, buttons


async def open_(product: Product) -> str:
    return (await product.conversations.open("web", "kk")).conversation_id


async def test_the_same_appeal_again_is_told_and_filed_only_when_the_citizen_says_so(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    first, stranger = await open_(product), await open_(product)
    steps = (HEAT, "press:filing.start", "press:filing.agree", PERSON, "press:filing.confirm")
    assert "KM-2026-000001" in (await play(product, first, *steps))[0]
    again = ("press:filing.fresh", *steps[:2], *steps[3:])
    said, buttons = await play(product, first, *again)
    assert "KM-2026-000001" in said
    assert "status.open:KM-2026-000001" in buttons
    assert "KM-2026-000002" in (await play(product, first, "press:filing.anyway"))[0]
    # An ИИН alone proves nothing: whoever types it in another conversation learns no number, time or status.
    said, buttons = await play(product, stranger, *steps)
    assert "бұрын берілген сияқты" in said
    assert "64-бап" in said
    assert not any(told in said for told in ("KM-2026", "2026", "Жіберілді", "жағдайы"))
    assert not any(button.startswith("status.open") for button in buttons)
    assert "KM-2026-000003" in (await play(product, stranger, "press:filing.anyway"))[0]
    other = PERSON.replace("900101300007", "850715400109")
    third = await open_(product)
    assert "KM-2026-000004" in (await play(product, third, *steps[:3], other, steps[4]))[0]


async def test_a_complaint_is_made_of_ones_own_appeal_and_of_anothers_only_with_its_secret(
    product: Product, nlu: ScriptedNlu
) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    own, stranger = await open_(product), await open_(product)
    receipt, _ = await play(
        product, own, HEAT, "press:filing.start", "press:filing.agree", PERSON, "press:filing.confirm"
    )
    secret = receipt.partition("Құпия коды: ")[2][:10]
    said, buttons = await play(product, own, "press:complain:KM-2026-000001")
    assert "KM-2026-000001" in said
    assert "filing.skip:harm" in buttons
    said, _ = await play(product, own, "press:filing.skip:harm", "press:filing.same_address")
    assert HEAT in said
    assert "******300007" in said
    said, buttons = await play(product, stranger, "press:complain:KM-2026-000001")
    assert HEAT not in said
    assert "filing.skip:harm" not in buttons
    said, buttons = await play(product, stranger, secret, "press:complain:KM-2026-000001")
    assert "filing.skip:harm" in buttons
    said, _ = await play(product, stranger, "press:filing.skip:harm", "press:filing.agree")
    assert "300007" not in said


async def test_what_was_taken_back_is_filed_once_more_without_writing_it_again(
    product: Product, nlu: ScriptedNlu
) -> None:
    """Also what was made up stays marked so: an appeal filed again, and a complaint about one."""
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    own = await open_(product)
    filing = (
        HEAT,
        "press:filing.start",
        "press:filing.agree",
        "press:filing.synthetic",
        "press:filing.confirm",
    )
    await play(product, own, *filing)
    said, buttons = await play(product, own, "press:appeal.withdraw_yes:KM-2026-000001")
    assert "again:KM-2026-000001" in buttons
    said, _ = await play(product, own, "press:again:KM-2026-000001")
    assert HEAT in said
    assert "қараған" not in said, "it goes where it was"
    said, _ = await play(product, own, "press:filing.confirm")
    assert "KM-2026-000002" in said
    complaint = (
        "press:complain:KM-2026-000002",
        "press:filing.skip:harm",
        "press:filing.same_address",
        "press:filing.confirm",
    )
    assert "KM-2026-000003" in (await play(product, own, *complaint))[0]
    async with product.storage.read() as work:
        filed = await work.appeals.of_conversation(own, 9)
    assert [appeal.synthetic for appeal in filed] == [True, True, True]


async def test_files_of_another_conversation_are_not_handed_over(product: Product, nlu: ScriptedNlu) -> None:
    nlu.known[HEAT] = parse("topic.UTIL.HEAT")
    own, stranger = await open_(product), await open_(product)
    await play(product, own, HEAT, "press:filing.start", "press:filing.agree", PERSON)
    photo = Attachment("f1", "сурет.jpg", "image/jpeg", 1000, "0" * 64)
    await product.conversations.exchange(own, FileSent(new_id(), NOON, photo), "d")
    receipt, _ = await play(product, own, "press:filing.confirm")
    secret = receipt.partition("Құпия коды: ")[2][:10]
    await play(product, own, "press:appeal.withdraw_yes:KM-2026-000001")
    said, _ = await play(product, own, "press:again:KM-2026-000001")
    assert "сурет.jpg" in said
    assert "қайта қосыңыз" not in said
    await play(product, stranger, "press:again:KM-2026-000001")
    said, _ = await play(product, stranger, secret, "press:again:KM-2026-000001")
    assert "қайта қосыңыз" in said
    said, _ = await play(product, stranger, "press:filing.agree", PERSON)
    assert HEAT in said
    assert "сурет.jpg" not in said
