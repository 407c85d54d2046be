"""Features, the linear model and its calibration on a handful of sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from citizen_nlu import content
from citizen_nlu.classifier_training import calibrate, cross_calibrated, judge, train
from citizen_nlu.classify import Calibration, Classifier
from citizen_nlu.explain import explain
from citizen_nlu.features import LEAST_PAIRS, WEIGHTS, Vocabulary, features_of
from citizen_nlu.words import split


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    read = content.read(Path(__file__).parent / "data")
    return train(
        [
            *((e.text, e.label, split(e.text, e.language)) for e in read.examples),
            *((None, a.label, split(a.text, a.language)) for a in read.answers),
        ],
        [(m.label, split(m.text, m.language)) for m in read.development],
    )


def test_each_feature_knows_its_words() -> None:
    words = split("Үйде жылу жоқ!", "kk")
    features = features_of(words)
    assert "w:жылу" in features.groups[1]
    assert (features.concepts["heating"], features.concepts["not_done"]) == (1, 2)
    assert not any(name.startswith("n:!") for name in features.names)


def test_each_pair_of_concepts_knows_its_words() -> None:
    messages = [features_of(split("Үйде жылу жоқ!", "kk"))] * LEAST_PAIRS
    vocabulary, matrix = Vocabulary.learn(messages)
    vector = vocabulary.vector(messages[0])
    number = vocabulary.numbers["p:heating+not_done"]
    assert matrix[0, number] == vocabulary.matrix(messages)[0, number] > 0
    (occurrence,) = np.flatnonzero(vector.numbers[vector.occurrences] == number)
    assert (vector.first[occurrence], vector.last[occurrence]) == (1, 2)
    with_one_less, _ = Vocabulary.learn(messages[1:])
    assert "p:heating+not_done" not in with_one_less.numbers


def test_spelling_without_kazakh_letters_gives_the_same_letter_groups() -> None:
    def groups(text: str) -> set[str]:
        return {name for name in features_of(split(text, "kk")).names if name.startswith("c:")}

    assert groups("өтінішіме жауап қашан") == groups("отинишиме жауап кашан")


def test_blocks_have_their_fixed_length() -> None:
    messages = [
        features_of(split(text, "ru")) for text in ("нет отопления", "нет воды", "нет отопления дома")
    ]
    vocabulary, matrix = Vocabulary.learn(messages, least=1)
    vector = vocabulary.vector(messages[0])
    for block, length in WEIGHTS.items():
        own = [
            w
            for number, w in zip(vector.numbers, vector.weights, strict=True)
            if vocabulary.names[number][0] == block
        ]
        assert not own or np.linalg.norm(own) == pytest.approx(length, rel=1e-5)
    for row in (matrix[0], vocabulary.matrix(messages)[0]):
        assert dict(zip(row.indices, row.data, strict=True)) == pytest.approx(
            dict(zip(vector.numbers, vector.weights, strict=True))
        )


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("батареялар мұздай, жылу жоқ", "kk", "topic.UTIL.HEAT"),
        ("батареялар муздай жылу жок", "kk", "topic.UTIL.HEAT"),
        ("мусор не вывозят со двора", "ru", "topic.CITY.WASTE"),
        ("спасибо большое", "ru", "dialog.thanks"),
        ("пожар, горит дом", "ru", "emergency.fire"),
    ],
)
def test_first_guess(classifier: Classifier, text: str, language: str, label: str) -> None:
    result = classifier.classify(split(text, language))
    assert result is not None
    assert result.ranking[0][0] == label


def test_danger_is_told_apart_from_what_sounds_like_it(classifier: Classifier) -> None:
    def danger(text: str, language: str) -> tuple[str, float]:
        result = classifier.classify(split(text, language))
        assert result is not None
        assert result.danger is not None
        return result.danger

    kind, fire = danger("пожар, горит дом", "ru")
    assert kind == "emergency.fire"
    assert danger("пәтерде газ иісі", "kk")[0] == "emergency.gas"
    assert 0 <= danger("спасибо большое", "ru")[1] < fire <= 1


def test_without_an_example_of_danger_nobody_can_tell_it() -> None:
    read = content.read(Path(__file__).parent / "data")
    examples = [e for e in read.examples if not e.label.startswith("emergency.")]
    model = train(
        [(e.text, e.label, split(e.text, e.language)) for e in examples],
        [(m.label, split(m.text, m.language)) for m in read.development],
    )
    result = model.classify(split("нет воды", "ru"))
    assert result is not None
    assert result.danger is None


def test_confidences_fall_and_add_up_to_one_at_most(classifier: Classifier) -> None:
    for text in ("нет воды", "рахмет", "абракадабра воды нет газ", "что как где"):
        result = classifier.classify(split(text, "ru"))
        assert result is not None
        confidences = [value for _, value in result.ranking]
        assert len(confidences) >= 5
        assert confidences == sorted(confidences, reverse=True)
        assert sum(confidences) <= 1.000001
        assert min(confidences) >= 0


def test_what_was_never_seen_gets_no_label(classifier: Classifier) -> None:
    assert classifier.classify(split("😀😀", "kk")) is None
    assert classifier.classify([]) is None


def test_the_explanation_names_the_telling_words(classifier: Classifier) -> None:
    words = split("Сәлем! Үйде ЖЫЛУ жоқ", "kk")
    explained = explain(words, classifier.classify(words))
    assert explained["words"][0][0] == "жылу"
    assert all(weight > 0 for _, weight in explained["words"])
    assert explained["example"] in classifier.examples.texts
    assert explain([], None) == {"words": [], "example": None}


def test_answers_are_learnt_from_but_never_shown(classifier: Classifier) -> None:
    (only_answered,) = split("пятнадцать", "ru")
    assert f"n:{only_answered.normal}" in classifier.vocabulary.numbers
    assert not any("пятнадцать" in text for text in classifier.examples.texts)
    assert "" not in classifier.examples.texts


def test_a_saved_model_answers_the_same(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    again = Classifier.load(tmp_path)
    words = split("когда дадут тепло", "ru")
    first, second = classifier.classify(words), again.classify(words)
    assert first is not None
    assert second is not None
    assert [label for label, _ in first.ranking] == [label for label, _ in second.ranking]
    assert first.ranking[0][1] == pytest.approx(second.ranking[0][1], abs=0.01)
    assert first.example == second.example
    assert first.danger is not None
    assert second.danger is not None
    assert first.danger == (second.danger[0], pytest.approx(second.danger[1], abs=0.01))


def test_confidence_grows_with_the_signals() -> None:
    calibration = Calibration(0.3, np.array([1.0, 0.5, 0.2, 0.1]), -1.0)
    low, high = calibration.confidence(np.array([[-2.0, 0.1, 0.1, 0.2], [4.0, 3.0, 0.9, 1.0]]))
    assert 0 < low < 0.2
    assert 0.9 < high < 1


def test_a_confidence_to_choose_a_threshold_by_is_calibrated_on_the_other_messages(
    classifier: Classifier,
) -> None:
    read = content.read(Path(__file__).parent / "data").development
    judged = judge(classifier, [(row.label, split(row.text, row.language)) for row in read])
    confidences = cross_calibrated(classifier, judged, folds=2)
    assert len(confidences) == len(judged.truth)
    assert ((confidences > 0) & (confidences < 1)).all()


def test_messages_that_are_all_right_calibrate_nothing(classifier: Classifier) -> None:
    judged = judge(classifier, [("dialog.thanks", split("большое спасибо", "ru"))] * 3)
    with pytest.raises(ValueError, match="right and with wrong"):
        calibrate(classifier, judged)
