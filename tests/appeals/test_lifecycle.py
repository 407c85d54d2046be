import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.lifecycle import (
    STATUSES,
    TERMINAL,
    TRANSITIONS,
    Action,
    IllegalTransition,
    Status,
    allowed,
    next_status,
)


def test_the_usual_way() -> None:
    status = Status.CREATED
    for action in (Action.REGISTER, Action.ASSIGN, Action.EXTEND, Action.ANSWER):
        status = next_status(status, action)
    assert status is Status.ANSWERED
    assert allowed(status) == (Action.COMPLAIN,)


def test_a_defect_is_mended() -> None:
    status = next_status(Status.REGISTERED, Action.ASK_FIX)
    assert status is Status.NEEDS_FIX
    status = next_status(status, Action.SUPPLEMENT)
    assert status is Status.FIXED
    assert next_status(status, Action.SUPPLEMENT) is Status.FIXED
    assert next_status(status, Action.ASK_FIX) is Status.NEEDS_FIX
    assert next_status(status, Action.ACCEPT_FIX) is Status.IN_PROGRESS


def test_registration_cannot_be_refused() -> None:
    assert allowed(Status.CREATED) == (Action.REGISTER, Action.WITHDRAW)


def test_what_is_decided_is_not_decided_again() -> None:
    for status in TERMINAL:
        with pytest.raises(IllegalTransition, match="answer is not possible"):
            next_status(status, Action.ANSWER)


def test_a_complaint_leaves_the_appeal_as_it_is() -> None:
    for status in set(Status) - {Status.CREATED, Status.WITHDRAWN}:
        assert next_status(status, Action.COMPLAIN) is status


def test_the_applicant_can_withdraw_until_the_end() -> None:
    for status in Status:
        assert (Action.WITHDRAW in allowed(status)) == (status not in TERMINAL)


def test_terminal_states() -> None:
    assert {Status.ANSWERED, Status.RETURNED, Status.WITHDRAWN, Status.TERMINATED} == TERMINAL
    assert all(STATUSES[status].terminal == (status in TERMINAL) for status in Status)


@given(st.sampled_from(Status), st.sampled_from(Action))
def test_the_table_decides(status: Status, action: Action) -> None:
    if action in allowed(status):
        assert next_status(status, action) is TRANSITIONS[status, action]
    else:
        with pytest.raises(IllegalTransition) as error:
            next_status(status, action)
        assert (error.value.status, error.value.action) == (status, action)


def test_every_state_can_be_reached_and_ended() -> None:
    reached = {Status.CREATED}
    while more := {TRANSITIONS[key] for key in TRANSITIONS if key[0] in reached} - reached:
        reached |= more
    assert reached == set(Status)
    for status in set(Status) - TERMINAL:
        assert any(TRANSITIONS[status, action] in TERMINAL for action in allowed(status))


def test_every_state_has_words_for_the_citizen() -> None:
    assert set(STATUSES) == set(Status)
    names = [info.name for info in STATUSES.values()]
    assert len({name.kk for name in names}) == len({name.ru for name in names}) == len(Status)
    for info in STATUSES.values():
        assert info.meaning.kk.endswith(".")
        assert info.meaning.ru.endswith(".")
