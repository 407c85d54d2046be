"""The whole product as a citizen meets it in Telegram: a process of its own, over the Bot API."""

from __future__ import annotations

import io
import re
from pathlib import Path

from pypdf import PdfReader

from tests.e2e.product_process import started
from tests.fakes.telegram_server import BotMessage, Chat, TelegramServer

STORY = "Бурабай ауданы Щучинск қаласында үш күннен бері жылу жоқ, балалар тоңып отыр"


async def test_an_appeal_is_filed_from_story_to_receipt_through_a_kill(tmp_path: Path) -> None:
    async with TelegramServer() as api:
        settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE": api.url}
        chat = api.citizen(language="kk")
        async with started(tmp_path, **settings) as service:
            chat.says("/start")
            await _hears(chat, "Көмекші")
            chat.says(STORY)
            await _presses(chat, "✍️ Мәселе: Жылу және ыстық су")
            await _hears(chat, "Бурабай ауданы, Щучинск қаласы")
            await _presses(chat, "✍️ Жолданым беру")
            await _hears(chat, "Дербес деректерді өңдеуге келісім")
            await _presses(chat, "✅ Келісемін")
            await _hears(chat, "Өзіңіз туралы")
            chat.says("Сынақов Мысал Үлгіұлы")
            await _hears(chat, "ЖСН")
            chat.says("900101300007")
            await _hears(chat, "Байланыс телефонын")
            await service.until_delivered()
            await service.kill()
        (keyboard,) = [message for message in chat.shown if message.asks == "contact"]
        chat.shares_contact("+77015554433")
        async with started(tmp_path, **settings) as service:
            await _hears(chat, "мекенжай")
            assert keyboard.deleted
            chat.says("/language")
            await _presses(chat, "Русский")
            await _hears(chat, "Напишите почтовый адрес")
            chat.says("Щучинск, Үлгі көшесі, 5")
            preview = await _hears(chat, "Проверьте")
            for told in (STORY, "Сынақов Мысал Үлгіұлы", "******300007", "** 33", "Щучинск, Үлгі көшесі, 5"):
                assert told in preview.text
            await _presses(chat, "✅ Подтвердить и подать")
            filed = await _hears(chat, "Обращение принято")
            await _hears(chat, "научили меня понимать лучше")
            await service.until_delivered()
            assert await service.stop() == 0
        reference = re.search(r"KM-\d{4}-000001", filed.text)
        assert reference, filed.text
        (receipt,) = [message.document for message in chat.messages if message.document]
        assert receipt[0] == f"talon-{reference[0]}.pdf"
        assert api.pending == []
        assert [(call.method, call.refused) for call in api.calls if call.refused] == []
        told = [message.text for message in chat.messages]
        assert [text for text in told if told.count(text) > 1] == []
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(receipt[1])).pages)
    words = " ".join(paper.split())
    for told in ("Талон о приёме обращения", reference[0], STORY, "Сынақов Мысал Үлгіұлы"):
        assert told in words
    assert "900101300007" not in words


async def test_a_draft_is_carried_from_the_widget_to_telegram_and_back(tmp_path: Path) -> None:
    async with TelegramServer() as api:
        settings = {
            "TELEGRAM_BOT_TOKEN": api.token,
            "TELEGRAM_API_BASE": api.url,
            "TELEGRAM_BOT_NAME": "@komekshi_test_bot",
            "PUBLIC_URL": "https://komekshi.example.kz",
        }
        chat = api.citizen(language="ru")
        async with started(tmp_path, **settings) as service:
            widget = await service.open("kk")
            for button in ("guide.topic:UTIL.HEAT", "filing.start"):
                await widget.send(button=button)
            await widget.send(text="Щучинск")
            await widget.send(text=STORY)
            (offer,) = await widget.send(text="басқа құрылғыда жалғастыру")
            link = next(one["url"] for one in offer["buttons"] if "t.me" in one.get("url", ""))
            key = link.removeprefix("https://t.me/komekshi_test_bot?start=")
            chat.says(f"/start {key}")
            shown = await _hears(chat, "Обращение перенесено сюда")
            assert STORY in shown.text
            await _hears(chat, "Согласие на обработку")
            assert "Telegram-ға көшті" in (await widget.messages())[-1]["text"]
            chat.says(f"/start {key}")
            await _hears(chat, "уже здесь")
            chat.says("продолжить на другом устройстве")
            offered = await _hears(chat, "Откройте ссылку")
            page = offered.links["🌐 Открыть в браузере"]
            assert page.startswith("https://komekshi.example.kz/page?key=")
            (here, *_) = await widget.send(link=page.partition("key=")[2])
            assert STORY in here["text"]
            await _hears(chat, "Обращение перенесено в браузер")
            await service.until_delivered()
            assert await service.stop() == 0
        assert [(call.method, call.refused) for call in api.calls if call.refused] == []
        assert key not in service.log.read_text("utf-8")


async def test_danger_and_a_call_for_a_human_are_heard_through_a_kill(tmp_path: Path) -> None:
    async with TelegramServer() as api:
        settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE": api.url}
        chat = api.citizen(language="kk")
        async with started(tmp_path, **settings) as service:
            chat.says("/start")
            await _hears(chat, "Көмекші")
            chat.says("пожар, горит дом соседа")
            await _hears(chat, "101")
            await service.kill()
        chat.says("оператор")
        async with started(tmp_path, **settings) as service:
            await _hears(chat, "Кезектегі", "Қазір операторлар", "очереди", "операторы не работают")
            assert await service.stop() == 0
        assert api.pending == []


async def _hears(chat: Chat, *any_of: str) -> BotMessage:
    """The next message with one of these words; what came before it is read."""

    def heard() -> list[int]:
        unread = enumerate(chat.messages[chat.read :], chat.read)
        return [at for at, message in unread if any(part in message.text for part in any_of)]

    try:
        await chat.server.until(lambda: bool(heard()))
    except TimeoutError:
        raise AssertionError(f"not heard: {any_of}; but {[it.text for it in chat.messages]}") from None
    at = heard()[0]
    chat.read = at + 1
    return chat.messages[at]


async def _presses(chat: Chat, label: str) -> None:
    """The button, once it is there."""
    await chat.server.until(lambda: any(label in message.buttons for message in chat.shown))
    chat.presses(label)
