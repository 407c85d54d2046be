"""What changed against the published figures is told with its uncertainty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from citizen_nlu.comparison import Change, Judged, Share, compared, counted, publish, sign_test


def report(right: int, of: int = 200, false_mixed: int = 2) -> dict:
    return {
        "thresholds": {"act": 0.6},
        "groups": {"all": {"messages": of, "first": Share(right, of), "coverage": None}},
        "safety": {"emergencies": 3},
        "languages": {"false_mixed": Share(false_mixed, of)},
    }


def judged(right: int, of: int = 200) -> list[Judged]:
    """Half of the messages have one label, half another; the first ones are right."""
    return [Judged(f"хабар {n}", f"topic.UTIL.{'HEAT' if n % 2 else 'GAS'}", n < right) for n in range(of)]


def published(right: int) -> dict:
    return json.loads(json.dumps(counted(report(right), judged(right))))


def test_a_share_knows_its_counts_and_is_a_number() -> None:
    share = Share(1, 3)
    assert (share, share.right, share.of) == (0.3333, 1, 3)
    assert json.dumps(share) == "0.3333"


@pytest.mark.parametrize(
    ("then", "now", "figure", "verdict"),
    [
        ((180, 200), (150, 200), "first", "worse"),
        ((150, 200), (180, 200), "first", "better"),
        ((180, 200), (176, 200), "first", "within noise"),
        ((2, 200), (40, 200), "false_mixed", "worse"),
        ((1, 2), (2, 2), "first", "within noise"),
    ],
)
def test_verdicts(then: tuple[int, int], now: tuple[int, int], figure: str, verdict: str) -> None:
    change = Change("all", figure, Share(*then), Share(*now))
    low, high = change.interval
    assert low <= now[0] / now[1] - then[0] / then[1] <= high
    assert change.verdict == verdict


def test_newcombes_interval_is_the_one_of_his_paper() -> None:
    # Newcombe 1998, method 10: 56/70 less 48/80 is 0.0524 to 0.3339.
    low, high = Change("all", "first", Share(48, 80), Share(56, 70)).interval
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_where_it_lost_is_named() -> None:
    text = compared(published(180), counted(report(120, false_mixed=50), judged(120)), judged(120))
    assert "| all | first | 90.0 % | 60.0 % | -30.0 % (" in text
    assert "| languages | false mixed |" in text
    assert "0 won, 60 lost – more than chance" in text
    assert "| topic.UTIL.* | first |" in text
    assert "| topic.UTIL.HEAT | 90 of 100 | 60 of 100 | worse |" in text
    assert "others than" not in text


def test_nothing_changed_is_said_so() -> None:
    text = compared(published(180), counted(report(180), judged(180)), judged(180))
    assert "worse" not in text
    assert "0 won, 0 lost – within noise" in text
    assert "No label lost anything." in text


def test_other_messages_and_thresholds_are_told() -> None:
    now = counted({**report(90, 100), "thresholds": {"act": 0.5}}, judged(90, 100))
    text = compared(published(180), now, judged(90, 100))
    assert "held-out messages are others" in text
    assert "thresholds are others" in text
    assert "message by message" not in text


@pytest.mark.parametrize(("lost", "won", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (3, 3, 1.0), (10, 2, 0.0386)])
def test_sign_test(lost: int, won: int, p: float) -> None:
    assert sign_test(lost, won) == pytest.approx(p, abs=1e-4)
    assert sign_test(won, lost) == sign_test(lost, won)


def test_publishing_changes_the_tables_only(tmp_path: Path) -> None:
    page = tmp_path / "evaluation.md"
    page.write_text("# Title\n\n<!-- tables -->\nold\n<!-- /tables -->\n\nweak\n", "utf-8")
    publish(page, published(180), "### New\n")
    publish(page, published(180), "### Newer\n")
    text = page.read_text("utf-8")
    assert text == "# Title\n\n<!-- tables -->\n\n### Newer\n\n<!-- /tables -->\n\nweak\n"
    kept = page.with_suffix(".json").read_text("utf-8")
    assert json.loads(kept) == published(180)
    assert "хабар" not in kept
    page.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="are expected"):
        publish(page, published(180), "x")
    assert page.with_suffix(".json").read_text("utf-8") == kept
