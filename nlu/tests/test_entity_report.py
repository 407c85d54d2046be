"""Marks in a line, figures over them, and the held-out messages themselves."""

from __future__ import annotations

import pytest

from citizen_nlu.entities import territory
from citizen_nlu.entity_report import ANY, HELD_OUT, Span, read_file, read_marked, rows, score


def test_marks_are_read_and_taken_out() -> None:
    marked = read_marked("[Щучьада](place:117020100) [900101300007](iin) су жоқ [жоқ]")
    assert marked.text == "Щучьада 900101300007 су жоқ [жоқ]"
    assert marked.spans == (Span("place", 0, 7, "117020100"), Span("iin", 8, 20, None))


def test_figures() -> None:
    figures = score(
        map(read_marked, ["[кеше](date:today-1) су жоқ", "[үш күн](duration:P4D) болды", "ертең [ба](place)"])
    )
    assert figures["date"].precision == 0.5
    assert figures["date"].f1 == pytest.approx(2 / 3)
    assert figures["duration"].values == 0
    assert figures["place"].recall == 0
    assert (figures[ANY].marked, figures[ANY].found, figures[ANY].right) == (3, 3, 2)
    assert all(len(row) == 6 for row in rows(figures))


def test_held_out_messages_name_real_places_and_are_understood() -> None:
    messages = read_file(HELD_OUT)
    codes = {span.value for message in messages for span in message.spans if span.kind == "place"}
    assert all(territory().find(str(code)) for code in codes)
    figures = score(messages)
    assert (figures[ANY].f1 or 0) >= 0.92
    assert (figures["place"].values or 0) >= 0.95
