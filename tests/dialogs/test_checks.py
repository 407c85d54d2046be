"""What is advised before an appeal is sent."""

from __future__ import annotations

from datetime import date

import pytest

from appeals.appeal import Attachment, Draft, Representative
from appeals.kinds import Kind
from dialogs.checks import advice
from dialogs.model import Form
from tests.factories import domain

TODAY = date(2026, 11, 20)
BY_PROXY = Representative("Сынақов Мысал", "2026 жылғы 5 қарашадағы № 12 сенімхат")


def about_files(draft: Draft) -> list[str]:
    return [told.text.key for told in advice(Form(draft), domain(), TODAY) if told.field == "files"]


def photo(name: str) -> tuple[Attachment, ...]:
    return (Attachment("f1", name, "image/jpeg", 7, "cd" * 32),)


@pytest.mark.parametrize("kind", [Kind.APPLICATION, Kind.COMPLAINT])
def test_a_power_of_attorney_is_asked_for_whatever_else_is_attached_or_missing(kind: Kind) -> None:
    draft = Draft(kind=kind, representative=BY_PROXY)
    assert about_files(draft) == ["check.no_authority"]
    assert about_files(Draft(kind=kind, representative=BY_PROXY, attachments=photo("шұңқыр.jpg"))) == [
        "check.no_authority"
    ]
    assert about_files(Draft(kind=kind, representative=BY_PROXY, attachments=photo("Сенімхат.jpg"))) == []


def test_a_relative_has_no_power_of_attorney_to_show() -> None:
    mother = Representative("Сынақова Мысал", "мать")
    assert about_files(Draft(kind=Kind.APPLICATION, representative=mother)) == []
    assert about_files(Draft(kind=Kind.COMPLAINT, representative=mother)) == ["check.no_documents"]
