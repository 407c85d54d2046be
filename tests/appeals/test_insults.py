import pytest

from appeals.insults import insults_in
from tests.factories import domain, faq


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Начальник – дурак и сволочь, не отвечает", ("дурак", "сволочь")),
        ("этим придуркам всё равно", ("придуркам",)),
        ("Әкім ақымақтар жинап алған, оңбағандар", ("ақымақтар", "оңбағандар")),
        ("akim akymak, svoloch", ("akymak", "svoloch")),
        ("акымактарга айтпаймын", ("акымактарга",)),
        ("ах ты с*ка", ("с*ка",)),
        ("иттің балалары бәрін жеп қойды", ("иттің балалары",)),
        ("ДЕБИЛЫ!!! дебилы", ("ДЕБИЛЫ", "дебилы")),
    ],
)
def test_an_insult_is_named_as_it_was_written(text: str, words: tuple[str, ...]) -> None:
    assert insults_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Ауылда мал көп, ит пен есек қаңғып жүр, шошқа да бар",
        "Моя скотина – коровы, козёл и свинья – остались без пастбища",
        "Сухой сук упал на провод, посадили лох серебристый, тупой угол дома",
        "У ребёнка синдром Дауна, тварный знак не нужен",
        "Дуров Павел, Уродков Иван и Мразов не ответили",
        "Мен шешеме айттым, әкем ауырып жатыр, су жоқ, аузы ашық құдық",
        "Балама көмек керек, есуастандыру емес, топтасу қажет",
        "Надо пройти врача 5*5 метров, 2*3",
    ],
)
def test_ordinary_words_raise_no_alarm(text: str) -> None:
    assert insults_in(text) == ()


def test_no_place_and_none_of_our_own_words_is_an_insult() -> None:
    names = (
        name for place in domain().territory.all() for name in (place.name.kk, place.name.ru, *place.aliases)
    )
    own = (text for entry in faq() for text in (entry.question.kk, entry.question.ru, *entry.examples))
    topics = (topic.name.kk + " " + topic.name.ru for topic in domain().topics.all())
    assert {word for text in (*names, *own, *topics) for word in insults_in(text)} == set()
