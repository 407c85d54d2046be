import math
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from appeals.territory import LEVELS, Territory, TerritoryError, build

CONTENT = Path(__file__).parents[2] / "appeals/content/territory.yaml"
any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.fixture(scope="module")
def data() -> Mapping[str, object]:
    with CONTENT.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture(scope="module")
def territory(data: Mapping[str, object]) -> Territory:
    return build(data)


def best(territory: Territory, text: str) -> str | None:
    found = territory.search(text)
    return found[0].place.name.ru if found else None


def test_the_whole_country_is_there(territory: Territory) -> None:
    counts = Counter(place.type for place in territory.all())
    assert counts["region"] == 17
    assert counts["city_rep"] == 3
    assert counts["district"] == 170
    assert counts["city"] == 39
    assert counts["city_district"] == 19
    assert len(territory.children(None)) == 20
    assert len(territory.children("117000000")) == 11
    assert len(territory.children("710000000")) == 6


def test_every_place_is_clean_and_has_its_region(territory: Territory) -> None:
    for place in territory.all():
        assert territory.path(place.code)[0].level == 1
        assert place.level == LEVELS[place.type]
        for name in (place.name.kk, place.name.ru, *place.aliases):
            assert name == name.strip()
            assert "  " not in name
            assert not any(
                mark in name for mark in ("Г.А.", "Қ.Ә.", "с.о.", "а.о.", "г.", "с.", "п.", " к.", " қ.")
            )


def test_kazakh_names_are_not_russian_ones(territory: Territory) -> None:
    for place in territory.all():
        assert place.name.kk != place.name.ru
        assert not set("ыэщъ") & set(place.name.kk.split()[-1]) - set("ы")


def test_names_and_the_way_up(territory: Territory) -> None:
    district = territory.get("117000000")
    assert (district.name.kk, district.name.ru) == ("Бурабай ауданы", "Бурабайский район")
    assert territory.label("117000000").kk == "Ақмола облысы, Бурабай ауданы"
    assert territory.label("117035100").ru == "Акмолинская область, Бурабайский район, посёлок Бурабай"
    assert [place.code for place in territory.path("117035100")] == [
        "110000000", "117000000", "117035000", "117035100",
    ]  # fmt: skip
    assert territory.find("999999999") is None
    with pytest.raises(KeyError):
        territory.get("999999999")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Щучьада тұрамын", "город Щучинск"),
        ("в Щучьем третий день нет воды", "город Щучинск"),
        ("из Щучинска", "город Щучинск"),
        ("Щучинскте жарық жоқ", "город Щучинск"),
        ("Shchuchinsk", "город Щучинск"),
        ("в Кокшетау", "город Кокшетау"),
        ("Кокшетауда жол жаман", "город Кокшетау"),
        ("Көкшетау қаласының тұрғынымын", "город Кокшетау"),
        ("Көкшетауданмын", "город Кокшетау"),
        ("Бурабайский район", "Бурабайский район"),
        ("Бурабай ауданында су жоқ", "Бурабайский район"),
        ("жалоба на акимат Бурабайского района", "Бурабайский район"),
        ("Щучинский район", "Бурабайский район"),
        ("burabay audanynda", "Бурабайский район"),
        ("Burabay", "посёлок Бурабай"),
        ("бурабайда", "посёлок Бурабай"),
        ("Боровое", "посёлок Бурабай"),
        ("Ақмола облысы Бурабай ауданы", "Бурабайский район"),
        ("Акмола облысы", "Акмолинская область"),
        ("aqmola oblysy", "Акмолинская область"),
        ("в Акмолинской обл.", "Акмолинская область"),
        ("Қатаркөл ауылдық округі", "Катаркольский сельский округ"),
        ("в Зеленом Бору", "село Зеленый Бор"),
        ("из Усть-Каменогорска", "город Усть-Каменогорск"),
        ("Өскеменде", "город Усть-Каменогорск"),
        ("Ust-Kamenogorsk", "город Усть-Каменогорск"),
        ("Astanada", "город Астана"),
        ("Астананың орталығында", "город Астана"),
        ("мы живём в Нур-Султане", "город Астана"),
        ("Целиноград", "город Астана"),
        ("Целиноградский район", "Целиноградский район"),
        ("алматы", "город Алматы"),
        ("Алматы облысы", "Алматинская область"),
        ("Алма-Ата", "город Алматы"),
        ("Шымкентте", "город Шымкент"),
        ("Чимкент", "город Шымкент"),
        ("ВКО", "Восточно-Казахстанская область"),
        ("ШҚО-да", "Восточно-Казахстанская область"),
        ("ЗКО", "Западно-Казахстанская область"),
        ("БҚО", "Западно-Казахстанская область"),
        ("СҚО", "Северо-Казахстанская область"),
        ("ЮКО", "Туркестанская область"),
        ("Гурьев", "город Атырау"),
        ("Капчагай", "город Қонаев"),
        ("Семипалатинск", "город Семей"),
        ("Семейде жылу жоқ", "город Семей"),
        ("Кызылорда облысынанмын", "Кызылординская область"),
        ("р-н Магжана Жумабаева", "район Магжана Жумабаева"),
        ("в р-не Шал акына", "район Шал акына"),
        ("район Сауран", "район Сауран"),
        ("мой дом в Рудном", "город Рудный"),
        ("Жақсы ауданы", "Жаксынский район"),
        ("Оңтүстік Қазақстан, Мақтаарал ауданындағы Асықата кенті", "посёлок Асыката"),
        ("тараз облысы талас ауданы каратау қаласына", "город Каратау"),
        ("Бурабайский", "Бурабайский район"),
        ("қарағандыда тұрам", "город Караганда"),
        ("в Караганде", "город Караганда"),
        ("Кокшетау, улица Абая 15", "город Кокшетау"),
        ("Көкшетау Абай көшесі 5", "город Кокшетау"),
        ("г. Щучинск ул. Астана 5", "город Щучинск"),
    ],
)
def test_places_in_real_sentences(territory: Territory, text: str, name: str) -> None:
    assert best(territory, text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "жақсы",
        "бұл жақсы аудан",
        "су жоқ, үш күн болды",
        "Абай Құнанбаев көшесі 5",
        "улица Абая 15",
        "Астана көшесі",
        "на проспекте Астана",
        "школа имени Абая",
        "мен Абайға айттым",
        "он орал на меня",
        "у многодетных семей нет",
        "семьей живем",
        "ақ көл",
        "бір шетте",
        "басқаларға қарағанда жақсы",
        "Бек арыстан",
        "рудный комбинат",
        "есікті жапты",
        "май айында",
        "темір қақпа",
        "info@astana.kz",
        "astana.kz сайты",
        "в селе Николаевка крыши нет",
        "үй салып жатыр",
        "Алғабас",
        "калай арыз беремін",
    ],
)
def test_what_is_not_a_place(territory: Territory, text: str) -> None:
    assert territory.search(text) == []


def test_namesakes_are_settled_by_the_place_above(territory: Territory) -> None:
    def codes(text: str) -> list[str]:
        return [match.place.code for match in territory.search(text)]

    assert codes("Есіл ауданы") == ["114800000", "594200000", "711210000"]
    assert codes("Ақмола облысы, Есіл ауданы") == ["114800000"]
    assert codes("Солтүстік Қазақстан облысы Есіл ауданы") == ["594200000"]
    assert codes("Астана Есіл ауданы") == ["711210000"]
    assert codes("Абайский район Карагандинской области") == ["353200000"]
    assert codes("Шымкент, Абайский район") == ["791110000"]
    assert codes("Алматы, Алатауский район") == ["751210000"]
    assert codes("Бурабай ауданы Николаевка ауылы") == ["117063580"]
    assert codes("Щучинск, Бурабайский район, Акмолинская область") == ["117020100"]


def test_two_cities_stay_two(territory: Territory) -> None:
    assert [match.place.name.kk for match in territory.search("Астана, Алматы")] == [
        "Астана қаласы", "Алматы қаласы",
    ]  # fmt: skip


def test_ambiguous_names_are_offered_without_certainty(territory: Territory) -> None:
    assert all(match.score < 0.6 for match in territory.search("Есіл ауданы"))
    assert all(match.score < 0.6 for match in territory.search("Абай"))
    assert len(territory.search("Абай", limit=2)) == 2
    assert territory.search("Абай", limit=0) == []


def test_positions_are_those_of_the_text(territory: Territory) -> None:
    text = "Сәлем! Мен Бурабай ауданында тұрамын."
    (match,) = territory.search(text)
    assert text[match.start : match.end] == match.surface == "Бурабай ауданында"


def test_every_place_is_found_by_its_own_name(territory: Territory) -> None:
    for place in territory.all():
        if place.type == "okrug":
            continue
        for locale in ("kk", "ru"):
            found = [
                match.place.code
                for match in territory.search(territory.label(place.code).of(locale), limit=20)
            ]
            assert place.code in found, (locale, place)


@settings(max_examples=200)
@given(any_text)
def test_no_text_breaks_the_search(territory: Territory, text: str) -> None:
    for match in territory.search(text):
        assert text[match.start : match.end] == match.surface
        assert 0 < match.score <= 1


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "Ақмола",
                "облысы",
                "Бурабай",
                "ауданы",
                "Алматы",
                "қаласы",
                "Есіл",
                "Абай",
                "көшесі",
                "г.",
                "с.",
                "район",
                "Щучинск",
                "сельский",
                "округ",
                "в",
                ",",
                ".",
                "ул",
            ]
        ),
        max_size=12,
    )
)
def test_any_order_of_names_and_types(territory: Territory, words: list[str]) -> None:
    text = " ".join(words)
    matches = territory.search(text, limit=100)
    assert len({match.place.code for match in matches}) == len(matches)
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)


def best_time(territory: Territory, text: str, rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        territory.search(text)
        times.append(time.perf_counter() - started)
    return min(times)


def test_a_long_message_is_searched_in_no_time(territory: Territory) -> None:
    story = "Ақмола облысы Бурабай ауданында тұрамын, үш күннен бері су жоқ, акимат ответ бермей жатыр. "
    # 5 ms on a quiet machine; the factor is for busy ones.
    assert best_time(territory, (story * 30)[:2000]) < 0.02


@pytest.mark.parametrize(
    "text", ["Бурабай " * 12_500, "район " * 17_000, "а" * 100_000, "Алматы, " * 12_500, "г. " * 33_000]
)
def test_time_is_linear(territory: Territory, text: str) -> None:
    assert best_time(territory, text, rounds=1) < 5


def test_nearest(territory: Territory) -> None:
    nearest = territory.nearest(53.085, 70.31)
    assert nearest is not None
    place, km = nearest
    assert place.name.ru == "посёлок Бурабай"
    assert km < 1
    shchuchinsk = territory.nearest(52.94, 70.2)
    assert shchuchinsk is not None
    assert shchuchinsk[0].name.kk == "Щучинск қаласы"
    assert territory.nearest(55.75, 37.62) is None
    assert territory.nearest(math.nan, 70) is None
    assert territory.nearest(91, 70) is None
    assert territory.nearest(53, 181) is None


def test_distance_is_about_right(territory: Territory) -> None:
    # A minute of latitude is a nautical mile.
    point = territory.get("710000000").point
    assert point is not None
    nearest = territory.nearest(point[0] + 1 / 60, point[1])
    assert nearest is not None
    assert nearest[0].code == "710000000"
    assert nearest[1] == pytest.approx(1.852, rel=0.01)


REGION = {"code": "110000000", "type": "region", "kk": "Ақмола облысы", "ru": "Акмолинская область"}
DISTRICT = {"code": "117000000", "type": "district", "kk": "Бурабай ауданы", "ru": "Бурабайский район"}


def test_built_from_plain_rows() -> None:
    territory = Territory.from_rows([DISTRICT, REGION])
    assert len(territory) == 2
    assert territory.get("117000000").parent == "110000000"
    assert best(territory, "Бурабай ауданы") == "Бурабайский район"


def test_all_problems_are_told_at_once() -> None:
    rows = [
        REGION,
        REGION,
        {**DISTRICT, "code": 117000000},
        {**DISTRICT, "type": "village council"},
        {**DISTRICT, "kk": " "},
        {**DISTRICT, "aliases": "Бурабай"},
        {**DISTRICT, "at": [100, 70]},
        {**DISTRICT, "code": "357000000"},
        "row",
    ]
    with pytest.raises(TerritoryError) as error:
        Territory.from_rows(rows)  # type: ignore[arg-type]
    assert len(error.value.problems) == 8


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"places": "x"},
        {"places": [REGION], "ordinary": []},
        {"places": [REGION], "ordinary": {"strange": ["a"]}},
    ],
)
def test_bad_structure_is_refused(bad: Mapping[str, object]) -> None:
    with pytest.raises(TerritoryError):
        build(bad)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Щучинскіде", "117020100"),
        ("Кызлорда", "431000000"),
        ("Kyzlorda", "431000000"),
        ("Карогонда", "351000000"),
        ("Усть-Каменагорск", "631000000"),
        ("Сатпаевк", "622000000"),
        ("ауыл Үрімқай", "117061100"),
        ("Үрімқай, Бурабай ауданы", "117061100"),
        ("Апам Серебрянскіде тұрады, үйде жылу жоқ, екі көрпенің астында жатыр", "634821100"),
        ("Бурабайский район, село Старый Карабавур, третий день нет света в домах", "117033605"),
        ("Бурабай ауданы Көне Қарабавыр ауылында үш күннен бері жарық жоқ, шара қолданыңыз", "117033605"),
    ],
)
def test_near_spellings_are_found(territory: Territory, typed: str, first: str) -> None:
    assert not any(match.place.code == first for match in territory.search(typed))
    assert territory.near(typed)[0].code == first


@pytest.mark.parametrize(
    "text",
    [
        "",
        "жоқ",
        "не знаю",
        "у нас в деревне",
        "қайда екенін білмеймін",
        "Щучинск",  # spelt well: `search` has it
        "Щучинск, микрорайон Заречный",
        "улица Абаия 15",
        "Когда откроют новый садик? Построили и стоит пустой второй год",
    ],
)
def test_nothing_is_near_where_no_place_is_meant(territory: Territory, text: str) -> None:
    assert territory.near(text) == []


def test_what_is_near_to_a_known_place_comes_first(territory: Territory) -> None:
    assert len(territory.near("Сатпаевк", limit=1)) == 1
    assert territory.near("Кызлорда", known="430000000")[0].code == "431000000"


def test_a_numbered_district_is_no_part_of_its_towns_name(territory: Territory) -> None:
    (town, *_) = territory.search("Кокшетау мкр 5 д 12 кв 4 нет отопления неделю")
    assert town.place.code == "111000000"
    assert territory.search("Каратальский мкр 5") == []
