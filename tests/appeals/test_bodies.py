"""Who answers: every topic has a body everywhere, the lowest one, and no reason claims more than is known."""

from __future__ import annotations

import time
from datetime import date

import pytest

from appeals.bodies import Bodies, Superior
from appeals.domain import Domain
from appeals.kinds import Kind
from appeals.provenance import Basis, Review
from appeals.territory import Territory
from appeals.topics import Topic
from tests import factories

DOMAIN = factories.domain()
EVERYTHING = [*DOMAIN.topics.all(), *(group for group in DOMAIN.topics.groups() if group.is_group)]
PLACES = {
    "nowhere": None,
    "region": "110000000",
    "district": "117000000",
    "other district": "113200000",
    "city": "111000000",
    "town": "117020100",
    "rural okrug": "117033000",
    "village": "117033100",
    "settlement": "117035100",
    "capital": "710000000",
    "district of the capital": "711210000",
}
RANKS = {"okrug": 0, "district": 1, "city": 1, "region": 2, "central": 3}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return DOMAIN


def competent(domain: Domain, topic: str, place: str, kind: Kind = Kind.APPLICATION):
    code = PLACES[place]
    return domain.bodies.competent(
        domain.topics.get(topic), domain.territory.get(code) if code else None, kind
    )


@pytest.mark.parametrize("topic", EVERYTHING, ids=lambda topic: topic.code)
def test_every_topic_has_a_body_everywhere(domain: Domain, topic: Topic) -> None:
    for code in PLACES.values():
        place = domain.territory.get(code) if code else None
        for kind in Kind:
            found = domain.bodies.competent(topic, place, kind)
            assert found.level != "company"
            assert found.body.level in found.function.levels
            assert topic.code in found.function.topics
            assert domain.bodies.get(found.body.id) is found.body
            assert domain.bodies.name(found.body, place) == found.name
            assert (found.provenance.basis is Basis.LAW) == bool(found.provenance.article)
            assert found.provenance.status is Review.DRAFT
            assert found.body.id not in [other.body.id for other in found.alternatives]
            levels = [RANKS[other.body.level] for other in found.alternatives]
            assert levels == sorted(levels)
            for text in (found.reason.kk, found.reason.ru):
                assert "{" not in text
                assert "  " not in text


def test_no_place_of_the_country_is_left_without_a_body(domain: Domain) -> None:
    for place in domain.territory.all():
        for topic in domain.topics.all():
            assert domain.bodies.competent(topic, place, Kind.APPLICATION).name.kk


def test_names_carry_the_place_they_serve(domain: Domain) -> None:
    heat = competent(domain, "UTIL.HEAT", "district")
    assert heat.name.ru == "Отдел жилищно-коммунального хозяйства (Бурабайский район)"
    assert heat.name.kk == "Тұрғын үй-коммуналдық шаруашылық бөлімі (Бурабай ауданы)"
    assert competent(domain, "UTIL.HEAT", "village").name == heat.name
    assert competent(domain, "UTIL.HEAT", "city").name.ru.endswith("(город Кокшетау)")


def test_cities_of_republican_significance_have_departments_of_their_own(domain: Domain) -> None:
    for place in ("capital", "district of the capital"):
        found = competent(domain, "UTIL.HEAT", place)
        assert found.level == "region"
        assert found.name.ru.startswith("Управление")
        assert found.name.ru.endswith("(город Астана)")
        assert found.name.kk.endswith("(Астана қаласы)")


def test_the_lowest_level_comes_first(domain: Domain) -> None:
    snow = competent(domain, "CITY.SNOW", "village")
    assert snow.level == "okrug"
    assert snow.name.ru == "Аппарат акима сельского округа (Абылайхановский сельский округ)"
    assert snow.alternatives[0].body.id == "housing_utilities.district"
    assert competent(domain, "CITY.SNOW", "settlement").name.ru == "Аппарат акима посёлка (посёлок Бурабай)"
    assert competent(domain, "CITY.SNOW", "town").name.kk.endswith("(Щучинск қаласы)")
    assert competent(domain, "CITY.SNOW", "district").level == "district"


def test_the_next_levels_are_offered_as_alternatives(domain: Domain) -> None:
    names = [other.name.ru for other in competent(domain, "LAND.PLOT", "district").alternatives]
    assert names == [
        "Управление земельных отношений (Акмолинская область)",
        "Комитет по управлению земельными ресурсами Министерства сельского хозяйства",
    ]


def test_a_district_can_differ_from_the_rule(domain: Domain) -> None:
    assert competent(domain, "ROAD.LOCAL", "town").body.id == "housing_utilities.district"
    assert competent(domain, "ROAD.LOCAL", "other district").body.id == "roads_transport.district"
    assert competent(domain, "HEALTH.CLINIC", "district").body.id == "district_hospital.district"
    assert competent(domain, "HEALTH.CLINIC", "other district").body.id == "health.region"
    assert competent(domain, "CITY.WASTE", "village").body.id == "housing_utilities.district"


def test_without_a_place_the_role_is_named_and_the_place_is_asked_for(domain: Domain) -> None:
    found = competent(domain, "LAND.PLOT", "nowhere")
    assert found.name.ru == "Отдел земельных отношений"
    assert "укажите район или город" in found.reason.ru
    assert "ауданды немесе қаланы көрсетіңіз" in found.reason.kk
    assert "район или город" in competent(domain, "LAND.PLOT", "region").reason.ru
    assert "район или город" not in competent(domain, "LAND.PLOT", "district").reason.ru


def test_a_matter_of_the_whole_country_needs_no_place(domain: Domain) -> None:
    found = competent(domain, "EDU.VUZ", "village")
    assert found.level == "central"
    assert found.name.ru == "Министерство науки и высшего образования"
    assert "на уровне страны" in found.reason.ru
    assert "укажите" not in competent(domain, "EDU.VUZ", "nowhere").reason.ru


def test_the_reason_names_function_topic_and_what_becomes_of_a_wrong_address(domain: Domain) -> None:
    found = competent(domain, "UTIL.HEAT", "district")
    for text in (found.reason.ru, found.reason.kk):
        assert domain.topics.get("UTIL.HEAT").name.of("ru" if text is found.reason.ru else "kk") in text
    assert found.function.does.ru in found.reason.ru
    assert "статья 31, пункт 1" in found.reason.ru
    assert "31-бап, 1-тармақ" in found.reason.kk
    assert "статья 65" in found.reason.ru
    assert "65-бап" in found.reason.kk
    assert "трёх рабочих дней" in found.reason.ru


def test_a_complaint_is_told_where_it_is_filed_and_who_considers_it(domain: Domain) -> None:
    found = competent(domain, "SOC.ASP", "district", Kind.COMPLAINT)
    assert "статья 91, часть 4" in found.reason.ru
    assert "вышестоящий орган" in found.reason.ru
    assert "91-бап, 4-бөлік" in found.reason.kk
    assert "жоғары тұрған орган" in found.reason.kk


def test_a_supplier_is_advice_and_never_the_addressee(domain: Domain) -> None:
    found = competent(domain, "UTIL.WATER", "district")
    assert [body.id for body in found.first_call] == ["water_utility"]
    assert "водоканал" in found.advice.ru
    assert "не адресат" in found.advice.ru
    assert "адресаты емес" in found.advice.kk
    assert all(other.body.level != "company" for other in found.alternatives)
    assert competent(domain, "CITY.WASTE", "district").advice is None
    assert "1414" in competent(domain, "DOC.ECP", "nowhere").advice.kk


@pytest.mark.parametrize("code", ["ORDER.CORR", "HOUSING.QUEUE", "COMM.NET", "COMM.POST", "OTHER"])
def test_what_is_not_checked_is_only_supposed(domain: Domain, code: str) -> None:
    found = competent(domain, code, "district")
    assert found.uncertain
    assert "Предположительно" in found.reason.ru
    assert "Болжам бойынша" in found.reason.kk


def test_an_uncertain_ministry_does_not_make_the_local_office_uncertain(domain: Domain) -> None:
    found = competent(domain, "UTIL.WATER", "district")
    assert not found.uncertain
    assert "Предположительно" not in found.reason.ru


def test_limits_of_the_code_are_part_of_the_reason(domain: Domain) -> None:
    assert "уголовно-процессуальному" in competent(domain, "ORDER.CRIME", "district").reason.ru
    assert "қылмыстық-процестік" in competent(domain, "ORDER.CRIME", "district").reason.kk


def test_unknown_bodies(domain: Domain) -> None:
    assert domain.bodies.find("nobody") is None
    with pytest.raises(KeyError):
        domain.bodies.get("nobody")


def test_the_article_is_that_of_the_level(domain: Domain) -> None:
    assert "статья 31, пункт 1" in competent(domain, "ROAD.BUS", "other district").reason.ru
    assert "статья 27, пункт 1" in competent(domain, "ROAD.BUS", "capital").reason.ru
    assert "статья 35, пункт 1" in competent(domain, "UTIL.LIGHT", "village").reason.ru
    assert "Основание" not in competent(domain, "UTIL.GAS", "district").reason.ru


def test_what_is_uncertain_names_no_article(domain: Domain) -> None:
    for topic in EVERYTHING:
        found = competent(domain, topic.code, "district")
        assert not (found.uncertain and "Основание" in found.reason.ru)


def test_village_roads_are_the_village_akims(domain: Domain) -> None:
    elsewhere = Territory.from_rows(
        [
            {"code": "110000000", "type": "region", "kk": "Ақмола облысы", "ru": "Акмолинская область"},
            {"code": "113200000", "type": "district", "kk": "Ақкөл ауданы", "ru": "Аккольский район"},
            {"code": "113233000", "type": "okrug", "kk": "Жаңа ауылдық округі", "ru": "Новый сельский округ"},
        ]
    )
    bodies = Bodies(domain.bodies.all(), domain.functions, elsewhere)
    topic, okrug = domain.topics.get("ROAD.LOCAL"), elsewhere.get("113233000")
    assert bodies.competent(topic, okrug, Kind.APPLICATION).body.id == "local_akim.rural_okrug"
    # In Burabay the district's own table says otherwise.
    assert competent(domain, "ROAD.LOCAL", "rural okrug").body.id == "housing_utilities.district"


def test_complaints_go_to_the_akim_of_the_same_place_and_then_upwards(domain: Domain) -> None:
    def superior(topic: str, place: str) -> str | None:
        found = competent(domain, topic, place, Kind.COMPLAINT).superior
        return found.addressee.name.ru if found and found.addressee else None

    assert superior("UTIL.HEAT", "district") == "Аппарат акима района (Бурабайский район)"
    assert superior("UTIL.HEAT", "capital") == "Аппарат акима (город Астана)"
    assert superior("CITY.SNOW", "village") == "Аппарат акима района (Бурабайский район)"
    assert superior("ORDER.NOISE", "district") == "Департамент полиции (Акмолинская область)"
    assert superior("ORDER.NOISE", "region") == "Министерство внутренних дел"
    assert superior("ORDER.NOISE", "nowhere") == "Департамент полиции"
    assert superior("HEALTH.SANIT", "region").startswith("Комитет санитарно-эпидемиологического контроля")
    found = competent(domain, "SOC.ASP", "district", Kind.COMPLAINT)
    assert found.superior.addressee.name.kk in found.reason.kk


def test_above_a_ministry_is_only_the_court(domain: Domain) -> None:
    for topic in ("EDU.VUZ", "STATE.NPA"):
        ministry = competent(domain, topic, "district", Kind.COMPLAINT)
        assert ministry.superior == Superior(None)
        assert "статья 91, часть 6" in ministry.reason.ru
        assert "91-бап, 6-бөлік" in ministry.reason.kk


NAMELESS = [
    "land_control.region",
    "citizens_corporation.district",
    "financial_agency",
    "social_expertise.region",
    "labour_inspection.region",
    "insurance_fund",
    "anticorruption",
    "forestry.district",
    "ethics_commissioner.district",
]


@pytest.mark.parametrize("body_id", [*NAMELESS, "nobody", None])
def test_where_the_higher_bodys_name_is_not_known_the_law_says_how_the_complaint_gets_there(
    domain: Domain, body_id: str | None
) -> None:
    place = domain.territory.get(PLACES["town"])
    path = domain.bodies.complaint_path(body_id, place)
    assert "вышестоящий орган или вышестоящее должностное лицо" in path.ru
    assert "не позднее трёх рабочих дней направит её туда вместе с делом" in path.ru
    assert "статья 91, часть 4" in path.ru
    assert "жоғары тұрған орган немесе лауазымды адам қарайды" in path.kk
    assert "іспен бірге үш жұмыс күнінен кешіктірмей" in path.kk
    assert "91-бап, 4-бөлік" in path.kk
    # It stands on the receipt, too, where no body was spoken of before.
    assert "этот орган" not in path.ru
    assert "осы орган" not in path.kk
    names = [name for body in domain.bodies.all() for name in (body.name.kk, body.name.ru)]
    assert not any(name in path.ru or name in path.kk for name in names)


def test_a_known_higher_body_is_named_until_the_complaint_goes_to_another_addressee(domain: Domain) -> None:
    place = domain.territory.get(PLACES["town"])
    named = "Жалобу на этот орган обычно рассматривает: Аппарат акима района (Бурабайский район)."
    path = domain.bodies.complaint_path
    assert path("education.district", place).ru == named
    for called in ("Отдел образования", "Білім бөлімі (Бурабай ауданы)"):
        assert path("education.district", place, called).ru == named
    assert path("education.district", place, "Школа № 1") == path(None, place)


def test_every_known_superior_is_another_and_not_lower(domain: Domain) -> None:
    for body in domain.bodies.all():
        for code in PLACES.values():
            place = domain.territory.get(code) if code else None
            if domain.bodies.addressee(body.id, domain.topics.get("OTHER"), place) is None:
                continue
            found = domain.bodies.superior(body, place)
            if found and found.addressee:
                assert found.addressee.body.id != body.id
                assert RANKS[found.addressee.body.level] >= RANKS[body.level]


def test_any_body_that_serves_the_place_can_be_addressed(domain: Domain) -> None:
    topic, village = domain.topics.get("UTIL.HEAT"), domain.territory.get(PLACES["village"])
    police = domain.bodies.addressee("police.district", topic, village)
    assert police.name.ru == "Отдел полиции (Бурабайский район)"
    assert police.function is None
    assert domain.bodies.addressee("housing_utilities.region", topic, village).function.id == "heat"
    assert domain.bodies.addressee("police.city", topic, village) is None
    assert domain.bodies.addressee("heat_supplier", topic, village) is None
    assert domain.bodies.addressee("nobody", topic, village) is None


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("полиция", "police.district"),
        ("в отдел образования", "education.district"),
        ("жер қатынастары бөліміне", "land_relations.district"),
        ("акимат", "akim_office.district"),
        ("Министерство здравоохранения", "ministry_health"),
        ("субсидиялар", "agriculture.district"),
    ],
)
def test_bodies_are_found_by_name_and_by_what_they_do(domain: Domain, text: str, first: str) -> None:
    topic, district = domain.topics.get("OTHER"), domain.territory.get(PLACES["district"])
    found = [addressee.body.id for addressee in domain.bodies.search(text, topic, district)]
    assert first in found[:3], found
    assert len(found) <= 6
    assert domain.bodies.search("аә", topic, district) == ()
    assert domain.bodies.search("ййййй", topic, district) == ()


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("отдел полиции Бурабайского района", ["police.district"]),
        ("Бурабай ауданының полиция бөліміне", ["police.district"]),
        ("отдел миграционной службы полиции", ["migration_police.district"]),
        ("Министерство энергетики", ["ministry_energy"]),
        ("Отдел занятости и социальных программ", ["employment_social.district"]),
        ("Тұрғын үй инспекциясына", ["housing_inspection.district"]),
        ("отдел занятости", []),
        ("директор школы № 5", []),
        ("", []),
    ],
)
def test_a_body_that_no_rule_names_is_known_by_its_whole_name_only(
    domain: Domain, text: str, bodies: list[str]
) -> None:
    assert spoken_of(domain, "ORDER.POLICE", "district", text) == bodies


@pytest.mark.parametrize(
    ("text", "place", "offices"),
    [
        ("аким Бурабайского района", "town", ["akim_office.district"]),
        ("Бурабай ауданының әкіміне шағымданамын", "town", ["akim_office.district"]),
        ("Щучинск қаласының әкімдігі", "town", ["local_akim.town"]),
        ("акимат Щучинска не отвечает", "town", ["local_akim.town"]),
        ("написала в акимат Акмолинской области", "town", ["akim_office.region"]),
        ("облыс әкімінің жауабына келіспеймін", "village", ["akim_office.region"]),
        ("ауылдық округ әкімі уәде береді", "village", ["local_akim.rural_okrug"]),
        (
            "әкімдікке екі рет жаздым",
            "town",
            ["local_akim.town", "akim_office.district", "akim_office.region"],
        ),
        ("акимат Кокшетау отказал", "city", ["akim_office.city"]),
        ("участковый не приехал", "town", ["police.district", "police.region"]),
        ("полиция Кокшетау бездействует", "city", ["police.city"]),
        ("полиция г. Кокшетау бездействует", "city", ["police.city"]),
        ("Бурабай ауданының полициясы", "village", ["police.district"]),
        ("Акимов не отвечает", "town", []),
        ("әкімшілік айыппұл", "town", []),
        ("акимат", "nowhere", []),
    ],
)
def test_akims_and_police_are_known_by_their_place_or_offered_at_every_level(
    domain: Domain, text: str, place: str, offices: list[str]
) -> None:
    assert spoken_of(domain, "EDU.SCHOOL", place, text) == offices


def spoken_of(domain: Domain, topic: str, place: str, text: str) -> list[str]:
    code = PLACES[place]
    at = domain.territory.get(code) if code else None
    return [found.body.id for found in domain.bodies.spoken_of(text, domain.topics.get(topic), at)]


def complained_of(domain: Domain, topic: str, place: str, text: str, kind: Kind = Kind.COMPLAINT):
    code = PLACES[place]
    at = domain.territory.get(code) if code else None
    return domain.bodies.competent(domain.topics.get(topic), at, kind, text)


NAMED_IN_PART = [
    # Not the rules' first body.
    ("SOC.ALLOW", "town", "отказ отдела занятости Бурабайского района", "employment_social.district"),
    ("SOC.ALLOW", "town", "Подал документы в отдел занятости, отказали", "employment_social.district"),
    ("SOC.ALLOW", "town", "занятость отказала в пособии", "employment_social.district"),
    ("SOC.ALLOW", "town", "районный отдел социальных программ дал отписку", "employment_social.district"),
    (
        "SOC.ALLOW",
        "town",
        "Бурабай ауданының жұмыспен қамту бөлімі жәрдемақы беруден бас тартты",
        "employment_social.district",
    ),
    (
        "SOC.ALLOW",
        "town",
        "Бурабай ауданынын жумыспен камту болими жардемакы беруден бас тартты",
        "employment_social.district",
    ),
    ("SOC.ALLOW", "town", "жұмыспен қамту бөлімінің шешіміне келіспеймін", "employment_social.district"),
    ("SOC.ALLOW", "town", "управление занятости области не ответило", "employment_social.region"),
    (
        "SOC.ALLOW",
        "town",
        "жұмыспен қамту және әлеуметтік бағдарламалар басқармасы жауап бермеді",
        "employment_social.region",
    ),
    ("SOC.ALLOW", "capital", "отдел занятости отказал", "employment_social.region"),
    ("SOC.ALLOW", "nowhere", "отдел занятости отказал", "employment_social.district"),
    ("SOC.ALLOW", "town", "Министерство труда не ответило", "ministry_labour"),
    ("SOC.ASP", "town", "карьерный центр отказал в АСП", "career_centre.district"),
    ("SOC.ASP", "town", "мансап орталығы АӘК беруден бас тартты", "career_centre.district"),
    ("SOC.DISABLED", "town", "отдел занятости отказал в коляске", "employment_social.district"),
    ("SOC.VIOLENCE", "town", "опека бездействует", "guardianship.district"),
    ("SOC.VIOLENCE", "town", "қамқоршылық органы шара қолданбады", "guardianship.district"),
    ("DOC.ID", "town", "ЦОН отказал в приёме документов", "citizens_corporation.district"),
    ("DOC.ID", "town", "ХҚКО құжат алудан бас тартты", "citizens_corporation.district"),
    ("CITY.SNOW", "village", "отдел ЖКХ не ответил, снег не чистят", "housing_utilities.district"),
    ("CITY.SNOW", "village", "ТКШ бөлімі жауап бермеді", "housing_utilities.district"),
    ("LAND.DISPUTE", "district", "отдел земельных отношений отказал", "land_relations.district"),
    ("LAND.DISPUTE", "district", "земельный отдел района отказал в проверке", "land_relations.district"),
    ("LAND.DISPUTE", "district", "жер қатынастары бөлімі жауап бермеді", "land_relations.district"),
    ("LAND.DISPUTE", "district", "жер болими жауап бермеди", "land_relations.district"),
    ("LAND.PASTURE", "village", "ауыл шаруашылығы бөлімі бас тартты", "agriculture.district"),
    ("HOUSING.DISASTER", "town", "ДЧС дало отписку", "emergency_department.region"),
    ("HOUSING.DISASTER", "town", "акимат отказал в переселении", "akim_office.district"),
    ("EDU.BULLYING", "town", "полиция отказала принять заявление", "police.district"),
    ("EDU.BULLYING", "town", "полиция арызды қабылдаудан бас тартты", "police.district"),
    ("EDU.SCHOOL", "town", "управление образования дало отписку", "education.region"),
    ("EDU.SCHOOL", "town", "білім басқармасының жауабына келіспеймін", "education.region"),
    ("HEALTH.CLINIC", "town", "денсаулык сактау баскармасы жауап бермеди", "health.region"),
    ("ECO.WATER", "town", "бассейновая инспекция бездействует", "basin_inspection.region"),
    ("ROAD.BUS", "village", "отдел пассажирского транспорта бездействует", "roads_transport.district"),
    # No rule names it for the topic, but the words do, and object to it.
    ("SOC.ALLOW", "town", "Обжалую отказ акимата Бурабайского района", "akim_office.district"),
    ("UTIL.LIGHT", "town", "Бурабай ауданының әкімдігі жауап бермеді", "akim_office.district"),
    # The rules' own first body.
    ("EDU.SCHOOL", "town", "білім бөлімі жауап бермеді", "education.district"),
    ("UTIL.LIGHT", "town", "акимат не отвечает на обращения", "local_akim.town"),
    ("UTIL.LIGHT", "village", "әкімдік жауап бермеді", "local_akim.rural_okrug"),
    # Others are named beside it, but did nothing.
    ("SOC.ALLOW", "town", "полиция не поехала, а отдел занятости отказал", "employment_social.district"),
    ("SOC.ALLOW", "town", "сдала документы в ЦОН, отдел занятости отказал", "employment_social.district"),
    ("SOC.ALLOW", "town", "отдел занятости отказал, сказали идти в ЦОН", "employment_social.district"),
    (
        "SOC.ALLOW",
        "town",
        "отдел занятости акимата Бурабайского района отказал",
        "employment_social.district",
    ),
    (
        "SOC.ALLOW",
        "town",
        "Бурабай ауданы әкімдігінің жұмыспен қамту бөлімі бас тартты",
        "employment_social.district",
    ),
    ("SOC.ALLOW", "town", "ХҚКО емес, жұмыспен қамту бөлімі бас тартты", "employment_social.district"),
    ("SOC.ALLOW", "town", "отказал не ЦОН, а отдел занятости", "employment_social.district"),
    # The commonest words of all.
    ("SOC.ALLOW", "town", "Жалуюсь на отдел образования", "education.district"),
    ("LAND.PLOT", "town", "Жалуюсь на акимат района", "akim_office.district"),
    ("LAND.PLOT", "town", "Жалоба на акима района", "akim_office.district"),
]


@pytest.mark.parametrize(("topic", "place", "text", "body"), NAMED_IN_PART)
def test_a_complaint_goes_to_the_body_that_its_words_name(
    domain: Domain, topic: str, place: str, text: str, body: str
) -> None:
    found = complained_of(domain, topic, place, text)
    assert found.body.id == body
    assert found.reason.ru.startswith(f"Судя по вашим словам, вы жалуетесь на этот орган: {found.name.ru}.")
    assert f"сіз мына органға шағымданып отырсыз: {found.name.kk}." in found.reason.kk
    assert "статья 91, часть 4" in found.reason.ru
    assert body not in [other.body.id for other in found.alternatives]
    assert spoken_of(domain, topic, place, text)[0] == body


@pytest.mark.parametrize(
    ("topic", "place", "text"),
    [
        # Two that acted.
        ("SOC.ALLOW", "town", "акимат не ответил, отдел занятости отказал"),
        ("SOC.ALLOW", "town", "отказ ЦОН и отдела занятости"),
        # Merely mentioned.
        ("EDU.SCHOOL", "town", "живу рядом с отделом полиции, школа отказала принять сына"),
        ("UTIL.LIGHT", "town", "возле отдела полиции не горит фонарь, никто не реагирует"),
        # It helped; another, or nobody known, is objected to.
        ("SOC.ALLOW", "town", "Отказали в пособии. Отдел занятости помог собрать документы, спасибо им"),
        (
            "SOC.ALLOW",
            "town",
            "Жәрдемақыдан бас тартты, шағымданамын. Құжаттарды жұмыспен қамту бөлімі арқылы жинадым",
        ),
        (
            "ORDER.NOISE",
            "town",
            "Шумят по ночам, полиция составила протокол, но ничего не изменилось, жалуюсь на соседей",
        ),
        # One of a kind, of which it is not said which.
        ("SOC.ALLOW", "town", "акимат отказал в пособии"),
        ("ORDER.POLICE", "town", "полиция бездействует"),
        # Words of names that are about something else.
        ("SOC.ALLOW", "town", "по программе для населения отказали"),
        ("SOC.ALLOW", "town", "граждане жалуются, государственная услуга не оказана"),
        ("SOC.ALLOW", "town", "жұмыс істемеймін, жәрдемақыдан бас тартты"),
        ("UTIL.HOUSE", "town", "тұрғындар шағымданады, МИБ бас тартты"),
        ("ROAD.BUS", "village", "пассажирский транспорт не ходит, жалуюсь"),
        ("SOC.VIOLENCE", "town", "пол сломан, жалуюсь"),
        # The end of another body's name.
        ("BIZ.ENTREPR", "town", "қала құрылысы бөлімі жауап бермейді"),
        # A body that is called otherwise today.
        ("LABOR.JOB", "town", "центр занятости отказал поставить на учёт"),
        ("SOC.ALLOW", "town", "отказали"),
        ("SOC.ALLOW", "town", ""),
    ],
)
def test_what_a_complaint_does_not_name_is_not_guessed(
    domain: Domain, topic: str, place: str, text: str
) -> None:
    found = complained_of(domain, topic, place, text)
    assert found.body.id == competent(domain, topic, place, Kind.COMPLAINT).body.id
    assert "Судя по вашим словам" not in found.reason.ru


@pytest.mark.parametrize(
    "text",
    [
        "отдел " * 666,
        "отказали, комитет " * 222,
        " ".join(f"отдел{one}{other}" for one in "бвгдж" for other in "абвгдежзиклмнопрстуфхцчшщэюя" * 3),
    ],
    ids=["one word", "many clauses", "many words"],
)
def test_names_are_looked_for_in_a_long_text_without_keeping_others_waiting(
    domain: Domain, text: str
) -> None:
    began = time.process_time()
    complained_of(domain, "SOC.ALLOW", "town", text)
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.COMPLAINT])
def test_what_is_no_complaint_keeps_its_competent_body(domain: Domain, kind: Kind) -> None:
    for topic, place, text, _ in NAMED_IN_PART:
        ruled = competent(domain, topic, place, kind)
        assert complained_of(domain, topic, place, text, kind).body.holder in {
            ruled.body.holder,
            *(function.holder for function in domain.functions.of_topic(topic) if function.words),
        }


def test_overdue_reviews_are_named(domain: Domain) -> None:
    assert domain.functions.overdue(date(2027, 5, 31)) == ()
    assert domain.functions.overdue(date(2027, 6, 1)) == domain.functions.all()


@pytest.mark.parametrize(
    ("story", "body"),
    [
        ("сломалась коляска, не чинят", "employment_social"),
        ("мүгедектер арбасы керек", "employment_social"),
        ("арбам сынды, жөндеп бермейді", "employment_social"),
        ("МСЭ не дала группу", "social_expertise"),
        ("МӘС бағдарламаға арбаны жазбады", "social_expertise"),
        ("инвалидность", "social_expertise"),
    ],
)
def test_a_storys_words_choose_among_a_topics_functions(domain: Domain, story: str, body: str) -> None:
    place = domain.territory.get("117020100")
    found = domain.bodies.competent(domain.topics.get("SOC.DISABLED"), place, Kind.APPLICATION, story)
    assert found.body.holder == body
    assert {"employment_social", "social_expertise"} <= {
        found.body.holder,
        *(other.body.holder for other in found.alternatives),
    }
