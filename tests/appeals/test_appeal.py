import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.appeal import (
    Applicant,
    Attachment,
    Capacity,
    Complaint,
    Draft,
    Representative,
    from_json,
    missing,
    to_json,
)
from appeals.kinds import Kind

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
maybe = st.none() | texts
attachments = st.builds(Attachment, texts, texts, texts, st.integers(0, 10**9), texts)
drafts = st.builds(
    Draft,
    kind=st.none() | st.sampled_from(Kind),
    topic=maybe,
    body_id=maybe,
    place=maybe,
    address=maybe,
    text=maybe,
    attachments=st.lists(attachments, max_size=3).map(tuple),
    applicant=st.builds(Applicant, *[maybe] * 7),
    complaint=st.builds(Complaint, maybe, st.none() | st.dates(), maybe, maybe, maybe, maybe),
    actual_address=maybe,
    began=st.none() | st.dates(),
    capacity=st.sampled_from(Capacity),
    representative=st.builds(Representative, maybe, maybe),
    people=st.none() | st.integers(0, 10**6),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)

COMPLETE = Draft(
    kind=Kind.APPLICATION,
    topic="UTIL.HEAT",
    body_id="akimat",
    text="Үш күн жылу жоқ",
    applicant=Applicant(full_name="Үлгі Үлгіұлы", postal_address="Щучинск, Үлгі көшесі, 1"),
)


def fields(draft: Draft) -> list[str]:
    return [part.field for part in missing(draft)]


def test_an_empty_draft_lacks_all_of_article_63() -> None:
    assert fields(Draft()) == [
        "kind", "applicant.full_name", "applicant.postal_address", "body_id", "text",
    ]  # fmt: skip
    assert {part.article for part in missing(Draft())} == {"4", "63 (2)"}


def test_a_complete_appeal_lacks_nothing_even_without_iin_and_telephone() -> None:
    assert missing(COMPLETE) == ()


def test_blanks_are_nothing() -> None:
    assert fields(replace(COMPLETE, text=" \n")) == ["text"]


def test_a_complaint_also_needs_article_93() -> None:
    complaint = replace(COMPLETE, kind=Kind.COMPLAINT)
    assert [(part.field, part.article) for part in missing(complaint)] == [
        ("actual_address", "93 (2)"),
        ("complaint.challenged", "93 (2)"),
        ("complaint.circumstances", "93 (2)"),
        ("complaint.evidence", "93 (2)"),
    ]
    full = replace(
        complaint,
        actual_address="Щучинск",
        complaint=Complaint("Тұрғын үй бөлімі", date(2026, 11, 1), "Жауап болмады", "Өтініштің көшірмесі"),
    )
    assert missing(full) == ()


def test_a_legal_entity_is_named_and_somebody_signs_for_it() -> None:
    entity = replace(COMPLETE, capacity=Capacity.ORGANISATION)
    assert fields(entity) == ["applicant.organisation", "representative"]
    full = replace(
        entity,
        applicant=Applicant(organisation="«Үлгі» ЖШС", bin="050540000006", postal_address="Щучинск, 1"),
        representative=Representative("Сынақов Мысал", "директор"),
    )
    assert missing(full) == ()


def test_who_appeals_for_another_person_is_named_too() -> None:
    assert [(part.field, part.article) for part in missing(replace(COMPLETE, capacity=Capacity.ANOTHER))] == [
        ("representative", "68")
    ]


def test_a_draft_stored_before_representation_was_known_is_still_read() -> None:
    stored = to_json(COMPLETE)
    for name in ("began", "capacity", "representative", "people"):
        del stored[name]
    for name in ("organisation", "bin"):
        del stored["applicant"][name]
    stored["v"] = 1
    assert from_json(stored) == COMPLETE


def test_attached_files_are_evidence() -> None:
    photo = Attachment("a1", "photo.jpg", "image/jpeg", 1024, "0" * 64)
    complaint = replace(COMPLETE, kind=Kind.COMPLAINT, attachments=(photo,))
    assert "complaint.evidence" not in fields(complaint)


@given(drafts)
def test_round_trip_through_json(draft: Draft) -> None:
    assert from_json(json.loads(json.dumps(to_json(draft)))) == draft
    assert isinstance(missing(draft), tuple)


@given(drafts, st.dictionaries(texts.map("x_".__add__), json_values, max_size=3))
def test_unknown_keys_are_ignored(draft: Draft, unknown: dict[str, object]) -> None:
    stored = to_json(draft)
    stored.update(unknown)
    stored["applicant"].update(unknown)
    stored["complaint"].update(unknown)
    stored["v"] = 99
    assert from_json(stored) == draft


@given(
    st.dictionaries(
        st.sampled_from(["v", *to_json(Draft())]) | texts,
        json_values | st.fixed_dictionaries({"learned_on": json_values, "full_name": json_values}),
    )
)
def test_no_stored_object_breaks_reading(stored: dict[str, object]) -> None:
    draft = from_json(stored)
    assert from_json(to_json(draft)) == draft


def test_wrong_values_are_read_as_unknown() -> None:
    stored = {
        "kind": "petition",
        "text": 5,
        "complaint": {"learned_on": "31.12.2026"},
        "attachments": [{"id": "a"}, 3],
    }
    assert from_json(stored) == Draft()
    with pytest.raises(ValueError, match="JSON object"):
        from_json([])  # type: ignore[arg-type]
