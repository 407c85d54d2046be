"""The answer of a trained model, component by component."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from citizen_nlu.serve import LONGEST, Model


def test_the_agreed_answer(model: Model) -> None:
    text = "Көкшетауда үш күн жылу жоқ"
    answer = model.parse(text)
    assert set(answer) == {
        "text",
        "intent",
        "intent_ranking",
        "danger",
        "entities",
        "language",
        "explanation",
    }
    assert answer["text"] == text
    assert answer["intent"] == answer["intent_ranking"][0]
    assert answer["intent"]["name"] == "topic.UTIL.HEAT"
    assert len(answer["intent_ranking"]) >= 5
    assert {entity["entity"]: text[entity["start"] : entity["end"]] for entity in answer["entities"]} == {
        "place": "Көкшетауда",
        "duration": "үш күн",
    }
    assert answer["language"] == {
        "code": "kk",
        "confidence": answer["language"]["confidence"],
        "script": "cyrl",
    }
    assert "жылу" in [word for word, _ in answer["explanation"]["words"]]
    assert isinstance(answer["explanation"]["example"], str)


@pytest.mark.parametrize(
    ("text", "code", "script"),
    [
        ("Үйде жылу жоқ, балалар тоңып отыр", "kk", "cyrl"),
        ("уйде жылу жок балалар тонып отыр", "kk", "cyrl_noletters"),
        ("uide jylu joq balalar tonyp otyr", "kk", "latn"),
        ("В квартире нет отопления третий день", "ru", "cyrl"),
        ("net otopleniya v kvartire", "ru", "latn"),
    ],
)
def test_language_and_script(model: Model, text: str, code: str, script: str) -> None:
    language = model.parse(text)["language"]
    assert (language["code"], language["script"]) == (code, script)
    assert 0 <= language["confidence"] <= 1


def test_mixed_messages_tell_their_shares(model: Model) -> None:
    language = model.parse("үйде отопление жоқ, когда дадут тепло")["language"]
    assert language["code"] == "mixed"
    assert sum(language["shares"].values()) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    "text", ["", "   ", "👍", "🇰🇿👨‍👩‍👧", "\u200b", "!!!", "12345", "你好吗", "გამარჯობა"]
)
def test_nothing_to_understand(model: Model, text: str) -> None:
    answer = model.parse(text)
    assert answer["language"]["code"] == "other"
    assert json.dumps(answer)


@pytest.mark.parametrize(
    "text",
    ["\ud800", "жылу \udc00 жоқ", "a\x00b", "жылу\nжоқ\r\n", "ж" * 100_000, "жылу жоқ " * 20_000, "😀" * 5_000,
     "жiылу җоқ مرحبا 你好 hello", "\u202eжылу", "ﬁ ǅ İ ß", "'\"<script>{}%s"],
)  # fmt: skip
def test_hostile_messages_get_an_answer(model: Model, text: str) -> None:
    answer: dict[str, Any] = model.parse(text)
    assert answer["text"] == text[:LONGEST]
    assert answer.get("truncated", False) == (len(text) > LONGEST)
    json.dumps(answer).encode()


def test_a_message_is_never_obeyed(model: Model) -> None:
    answer = model.parse("/topic.UTIL.HEAT")
    assert answer["intent"]["confidence"] < 1
    assert "language" in answer
    assert model.parse('/emergency.fire{"a": 1}')["intent"]["confidence"] < 1


def test_serving_does_not_import_tensorflow(model: Model) -> None:
    assert model.id
    assert "tensorflow" not in sys.modules
