import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.latin import Language, to_cyrillic, word_to_cyrillic
from text.letters import fold, skeleton

any_text = st.text(st.characters(exclude_categories=()), max_size=60)
latin_text = st.text("abcdefghijklmnopqrstuvwxyzäöüğūñşıáéóúńǵýçžABYİß'’ -", max_size=40)
languages = st.sampled_from(["kk", "ru"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # the alphabet of 2021
        ("Ötınış qalai beremın", "өтініш қалай беремін"),
        ("jūmys ornynda", "жұмыс орнында"),
        ("oñbağan şağym", "оңбаған шағым"),
        # the alphabet of 2018
        ("Ó́te keremet eken maǵan unady", "өте керемет екен маған ұнады"),
        ("jańa áripke", "жаңа әріпке"),
        # ad hoc
        ("otinish", "отініш"),
        ("shagym", "шагым"),
        ("kalai qalai kayda qaida", "калай калай кайда кайда"),
        ("rahmet raxmet", "рахмет рахмет"),
        ("jok zhok joq", "жок жок жок"),
        ("salem", "салем"),
        ("zhol jol", "жол жол"),
        ("su joq jylu joq", "су жоқ жылу жоқ"),
        ("kyzylorda qyzylorda", "кызылорда қызылорда"),
        ("aytyngyzshy", "айтыңызшы"),
        ("balanyng", "баланың"),
        ("qawip", "қауіп"),
        ("qıyn", "қиын"),
        ("sıaqty", "сияқты"),
        ("songy kunge", "соңғы күнге"),
    ],
)
def test_kazakh_habits(typed: str, meant: str) -> None:
    assert skeleton(to_cyrillic(typed, "kk")) == skeleton(meant)


def test_kazakh_by_letter() -> None:
    assert to_cyrillic("otinish qalai beremin", "kk") == "отініш қалай беремін"
    assert to_cyrillic("Astanada burabay audany", "kk") == "Астанада бурабай ауданы"
    assert to_cyrillic("jaqsi unadi", "kk") == "жақсы унады"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zayavlenie", "заявление"),
        ("zhaloba jaloba", "жалоба жалоба"),
        ("kak podat'", "как подать"),
        ("spasibo pomogite", "спасибо помогите"),
        ("ya moya moja", "я моя моя"),
        ("shchuchinsk", "щучинск"),
        ("novyy", "новый"),
        ("eto elektrichestvo", "это электричество"),
        ("istoria", "история"),
        ("Kak Podat ZAYAVLENIE", "Как Подат ЗАЯВЛЕНИЕ"),
        ("cena tsena", "цена цена"),
    ],
)
def test_russian_transliteration(typed: str, meant: str) -> None:
    assert to_cyrillic(typed, "ru") == meant


def test_abbreviation_of_the_signature() -> None:
    assert fold(to_cyrillic("ecp", "ru")) == "эцп"


@pytest.mark.parametrize(
    "address",
    ["me@mail.kz", "https://egov.kz/a?b=c", "www.gov.kz", "eGov.kz,", "adilet.zan.kz/kaz/docs/K2000000350"],
)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_addresses_stay(address: str, language: Language) -> None:
    assert to_cyrillic(f"su joq {address}", language).endswith(address)


@given(any_text, languages)
def test_never_longer_never_fails_and_cyrillic_stays(text: str, language: Language) -> None:
    assert len(to_cyrillic(text, language)) <= len(text)
    cyrillic = "".join(ch for ch in text if not ch.isalpha() or "Ѐ" <= ch <= "ӿ")
    assert to_cyrillic(cyrillic, language) == cyrillic


@given(latin_text, languages)
def test_no_known_latin_letter_is_left(text: str, language: Language) -> None:
    converted = to_cyrillic(text, language)
    assert len(converted) <= len(text)
    assert not any("a" <= ch.lower() <= "z" for ch in converted)
    assert to_cyrillic(converted, language) == converted


@pytest.mark.parametrize(
    "word", ["qalai", "joqtyñ", "ótinish", "o'zbek", "shchyot", "yol-yo'riq", "songy", "kuda", "mojno", "e"]
)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_word_alone_is_read_as_in_a_text(word: str, language: Language) -> None:
    assert word_to_cyrillic(word, language) == to_cyrillic(word, language)


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "ng" * 50_000, "a@" * 50_000, "y.kz/" * 20_000, "i'" * 50_000]
)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_time_is_linear(text: str, language: Language) -> None:
    started = time.perf_counter()
    to_cyrillic(text, language)
    assert time.perf_counter() - started < 3
