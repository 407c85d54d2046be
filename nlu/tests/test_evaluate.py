"""The understanding report: what its figures mean."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from citizen_nlu.content import Measured
from citizen_nlu.evaluate import Outcome, Thresholds, calibration, markdown, measure, report, safety

NLU = Path(__file__).parents[1]
AT = Thresholds(act=0.6, act_dialog=0.5, offer=0.2, lead=0.1, emergency=0.4, emergency_words=0.1)


def outcome(
    label: str,
    *guesses: tuple[str, float],
    language: str = "ru",
    said: str = "ru",
    source: str = "faq",
    danger: tuple[str, float] | None = None,
    cried: str | None = None,
) -> Outcome:
    ranking = [{"name": name, "confidence": confidence} for name, confidence in guesses]
    first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
    answer = {
        "intent": first,
        "intent_ranking": ranking,
        "danger": danger and {"name": danger[0], "confidence": danger[1]},
        "language": {"code": said, "script": "cyrl"},
    }
    return Outcome(Measured("мәтін", label, language, "cyrl"), source, answer, cried)


@pytest.mark.parametrize(
    ("guesses", "acts"),
    [
        ([("faq.a", 0.6), ("faq.b", 0.2)], True),
        ([("faq.a", 0.59), ("faq.b", 0.2)], False),
        ([("faq.a", 0.6), ("faq.b", 0.55)], False),
        ([("dialog.bye", 0.5), ("faq.b", 0.1)], True),
        ([("emergency.fire", 0.9)], False),
        ([("other", 0.99)], False),
        ([], False),
    ],
)
def test_when_it_acts(guesses: list[tuple[str, float]], acts: bool) -> None:
    """The first guess; danger is asked apart."""
    assert (outcome("faq.a", *guesses).acted(AT) is not None) is acts


@pytest.mark.parametrize(
    ("danger", "cried", "alarm"),
    [
        (("emergency.fire", 0.4), None, "emergency.fire"),
        (("emergency.fire", 0.39), None, None),
        (("emergency.fire", 0.1), "gas", "emergency.gas"),
        (("emergency.fire", 0.09), "gas", None),
        (None, "gas", "emergency.gas"),
        (None, None, None),
    ],
)
def test_when_it_raises_the_alarm(
    danger: tuple[str, float] | None, cried: str | None, alarm: str | None
) -> None:
    made = outcome("other", ("faq.a", 0.9), danger=danger, cried=cried)
    assert made.alarm(AT) == alarm
    assert made.acted(AT) == (alarm or "faq.a")


def test_figures_of_a_group() -> None:
    group = [
        outcome("faq.a", ("faq.a", 0.9)),
        outcome("faq.a", ("faq.b", 0.9), ("faq.a", 0.05)),
        outcome("faq.a", ("faq.b", 0.5), ("faq.a", 0.3), said="kk"),
        outcome("other", ("other", 0.9)),
    ]
    figures = measure(group, AT)
    assert figures["coverage"] == pytest.approx(2 / 3, abs=1e-3)
    assert figures["right_acting"] == 0.5
    assert figures["first"] == 0.5
    assert figures["in_three"] == 1
    assert figures["offered"] == pytest.approx(2 / 3, abs=1e-3)
    assert figures["language"] == 0.75


def test_dangers() -> None:
    figures = safety(
        [
            outcome(
                "emergency.fire", ("topic.UTIL.GAS", 0.5), source="emergency", danger=("emergency.gas", 0.9)
            ),
            outcome("emergency.fire", ("topic.ECO.FOREST", 0.9), source="emergency"),
            outcome(
                "topic.UTIL.GAS", ("topic.UTIL.GAS", 0.5), source="emergency", danger=("emergency.gas", 0.9)
            ),
            outcome(
                "topic.UTIL.GAS",
                ("topic.UTIL.GAS", 0.5),
                source="emergency",
                danger=("emergency.gas", 0),
                cried="gas",
            ),
            outcome("other", ("faq.a", 0.9), source="other"),
            outcome("other", ("faq.a", 0.3), source="other"),
        ],
        AT,
    )
    assert figures["emergencies_caught"] == 0.5
    assert figures["emergencies_of_the_right_kind"] == 0
    assert figures["lookalikes_taken_for_emergencies"] == 0.5
    assert figures["lookalikes_naming_words_of_danger"] == 0.5
    assert figures["out_of_scope_acted_on"] == 0.5


def test_groups_without_messages_have_no_figures() -> None:
    figures = report([outcome("faq.a", ("faq.a", 1.0))], AT)
    assert figures["groups"]["topic"]["first"] is None
    assert calibration([outcome("faq.a", ("faq.a", 1.0))])[9]["right"] == 1
    assert "| topic | 0 | – |" in markdown(figures)


def test_the_command(model_file: Path, environment: dict[str, str]) -> None:
    held_out = Path(__file__).parent / "data" / "held_out"
    command = [
        sys.executable,
        "-m",
        "citizen_nlu.evaluate",
        "--model",
        str(model_file),
        "--held-out",
        str(held_out),
    ]
    done = subprocess.run(
        [*command, "--act", "0.3", "--json"],
        cwd=NLU,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert figures["groups"]["all"]["messages"] == 6
    assert figures["groups"]["all"]["first"] >= 0.5
    assert figures["thresholds"]["act"] == 0.3
