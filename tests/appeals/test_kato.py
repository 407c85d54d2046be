"""The official classifier: both shapes, every fault with its line, and the villages it brings into the search."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appeals.import_kato import main, read_table
from appeals.kato import KatoError, classify, read_places, read_points, write_places
from appeals.load import ContentError, load_territory
from appeals.territory import Territory

OFFICIAL = """te,ab,cd,ef,hij,k,kaz_name,rus_name,nn
990000000,99,0,0,0,0,Үлгі облысы,Примерная область,1
991000000,99,10,0,0,1,Сынақ Қ.Ә.,Сынак Г.А.,2
991010000,99,10,10,0,1,Сынақ қ.,г.Сынак,3
993200000,99,32,0,0,2,Мысал ауданы,Примерский район,4
993230000,99,32,30,0,2,Достық а.о.,Достыкский с.о.,5
993230100,99,32,30,100,2,Достық а.,с.Достык,6
993230200,99,32,30,200,2,Қоянды а.,с. Коянды,7
993230207,99,32,30,207,2,Тас қыстауы,зимовка Тас,8
993235000,99,32,35,0,1,Шахта к.ә.,Шахтинская п.а.,9
993235100,99,32,35,100,1,Шахта к.,п.Шахта,10
993400000,99,34,0,0,2,Өзен ауданы,Узенский район,11
993430000,99,34,30,0,2,Достық а.о.,с.о. Достык,12
993430100,99,34,30,100,2,Достық а.,с.Достык,13
993430300,99,34,30,300,2,Қызыл ту атын.а.,с.им.Красного знамени,14
"""
NAMES = {
    "990000000": ("region", "Үлгі облысы", "Примерная область"),
    "991000000": ("city", "Сынақ қаласы", "город Сынак"),
    "993200000": ("district", "Мысал ауданы", "Примерский район"),
    "993230000": ("okrug", "Достық ауылдық округі", "Достыкский сельский округ"),
    "993230100": ("village", "Достық ауылы", "село Достык"),
    "993230200": ("village", "Қоянды ауылы", "село Коянды"),
    "993235000": ("okrug", "Шахта кенттік әкімдігі", "Шахтинская поселковая администрация"),
    "993235100": ("settlement", "Шахта кенті", "посёлок Шахта"),
    "993400000": ("district", "Өзен ауданы", "Узенский район"),
    "993430000": ("okrug", "Достық ауылдық округі", "сельский округ Достык"),
    "993430100": ("village", "Достық ауылы", "село Достык"),
    "993430300": ("village", "Қызыл ту атындағы ауылы", "село имени Красного знамени"),
}


@pytest.fixture
def official(tmp_path: Path) -> Path:
    path = tmp_path / "kato.csv"
    path.write_text(OFFICIAL, "utf-8")
    return path


def plain(official: Path) -> Path:
    """The same rows with code, parent, level, name_kk, name_ru, type."""
    rows = list(read_table(official))[1:]
    lines = ["code\tparent\tlevel\tname_kk\tname_ru\ttype"]
    lines += [f"{row[0]}\t\t0\t{row[6]}\t{row[7]}\tany" for row in rows]
    path = official.with_suffix(".tsv")
    path.write_text("\n".join(lines) + "\n", "utf-8-sig")
    return path


def workbook(official: Path) -> Path:
    """The same rows as the smallest .xlsx there can be."""
    rows = ""
    for number, row in enumerate(read_table(official), start=1):
        cells = "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            for at, value in enumerate(row)
            if value
        )
        rows += f'<row r="{number}">{cells}</row>'
    path = official.with_suffix(".xlsx")
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


@pytest.mark.parametrize("shape", [lambda path: path, plain, workbook], ids=["official", "plain", "workbook"])
def test_every_shape_gives_the_same_places(official: Path, shape: object) -> None:
    read = classify(read_table(shape(official)))  # type: ignore[operator]
    assert {row.code: (row.type, row.kk, row.ru) for row in read.rows} == NAMES
    assert read.left_out == {"the city itself": 1, "minor point": 1}


def test_every_fault_is_told_with_its_line() -> None:
    bad = OFFICIAL + (
        "993230100,99,32,30,100,2,Достық а.,с.Достык,15\n"
        "99323,99,32,30,0,2,Тұз а.,с.Туз,16\n"
        "995530100,99,55,30,100,2,Жоқ а.,с.Жок,17\n"
        "993230300,99,32,31,300,2,Бөтен а.,с.Чужое,18\n"
        "993230400,99,32,30,400,2,,с.Безымянное,19\n"
        "993230500,99\n"
    )
    with pytest.raises(KatoError) as raised:
        classify(line.split(",") for line in bad.splitlines())
    assert [problem.partition(":")[0] for problem in raised.value.problems] == [
        f"line {number}" for number in range(16, 22)
    ]
    assert "line 7" in raised.value.problems[0]


@pytest.mark.parametrize("table", [[], [["a", "b"]], [["code", "name"], ["1", "2"]]])
def test_another_table_is_refused(table: list[list[str]]) -> None:
    with pytest.raises(KatoError, match="line 1"):
        classify(table)


def test_points(tmp_path: Path, official: Path) -> None:
    points = read_points([["code", "lat", "lon"], ["993230200", "51.5", "71.25"]])
    write_places(classify(read_table(official), points).rows, tmp_path / "t.tsv")
    (row,) = (row for row in read_places(tmp_path / "t.tsv") if "at" in row)
    assert (row["code"], row["at"]) == ("993230200", (51.5, 71.25))
    with pytest.raises(KatoError) as raised:
        read_points([["code", "lat", "lon"], ["993230200", "95", "71"], ["1", "2", "3"], ["993230200"]])
    assert len(raised.value.problems) == 3


def test_the_command_tells_what_changes_and_writes_whole_or_nothing(
    tmp_path: Path, official: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "var" / "territory.tsv"
    assert main([str(official), "--output", str(output), "--check"]) == 0
    assert not output.exists()
    assert main([str(official), "--output", str(output)]) == 0
    assert "new: 12" in capsys.readouterr().out
    written = output.read_bytes()
    official.write_text(OFFICIAL.replace("с. Коянды", "с.Заячье").replace("Қоянды а.", ""), "utf-8")
    assert main([str(official), "--output", str(output)]) == 1
    assert "line 8" in capsys.readouterr().out
    assert output.read_bytes() == written
    official.write_text(OFFICIAL.replace("с. Коянды", "с.Заячье"), "utf-8")
    assert main([str(official), "--output", str(output)]) == 0
    told = capsys.readouterr().out
    assert "renamed: 1\n  993230200 село Коянды (Қоянды ауылы) → село Заячье (Қоянды ауылы)" in told
    assert main([str(tmp_path / "none.csv"), "--output", str(output)]) == 2
    (tmp_path / "odd.xlsx").write_bytes(b"PK")
    assert main([str(tmp_path / "odd.xlsx"), "--output", str(output)]) == 2


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory) -> Territory:
    path = tmp_path_factory.mktemp("kato") / "territory.tsv"
    write_places(classify(line.split(",") for line in OFFICIAL.splitlines()).rows, path)
    return load_territory(classifier=path)


def codes(territory: Territory, text: str, known: str | None = None) -> list[str]:
    return [match.place.code for match in territory.search(text, known=known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Мысал ауданы Достық ауылында су жоқ", ["993230100"]),
        ("Үлгі облысы, Мысал ауданы, Достық", ["993230100"]),
        ("мысал ауданы достыкта су жок", ["993230100"]),
        ("село Достык Узенского района", ["993430100"]),
        ("Достық ауылы", ["993230100", "993430100"]),
        ("живу в Достыке", ["993230100", "993430100"]),
        ("Достықта тұрамын", ["993230100", "993430100"]),
        ("мы из Коянды", ["993230200"]),
        ("Қояндыданмын", ["993230200"]),
        ("с. Коянды", ["993230200"]),
        ("koyandy auyly", ["993230200"]),
        ("Қоянды", ["993230200"]),
        ("Достыкский сельский округ", ["993230000"]),
        ("Примерский район, Коянды, ул. Мира 5", ["993230200"]),
        ("Примерский район", ["993200000"]),
        ("Мысал ауданында достық пен бірлік жоқ", ["993200000"]),
        ("Узенский район, село Коянды", ["993400000"]),
        ("халықтар достығы болсын", []),
        ("Асанда қоянды көрдім", []),
        ("достық керек", []),
    ],
)
def test_a_village_counts_with_support(territory: Territory, text: str, expected: list[str]) -> None:
    assert codes(territory, text) == expected


def test_namesakes_are_left_open_or_settled_by_what_is_known(territory: Territory) -> None:
    assert {match.score for match in territory.search("Достық ауылы")} == {0.5}
    assert codes(territory, "Достық ауылы", known="993400000") == ["993430100"]
    assert codes(territory, "Достық ауылы", known="993430000") == ["993430100"]
    assert codes(territory, "Достық ауылы", known="117000000") == ["993230100", "993430100"]
    assert codes(territory, "Достық ауылы", known="none") == ["993230100", "993430100"]


def test_shipped_places_keep_their_names_and_stay_surer(territory: Territory) -> None:
    assert codes(territory, "Щучьада тұрамын") == ["117020100"]
    assert len(territory) == len(load_territory()) + len(NAMES)
    assert [place.code for place in territory.path("993230100")] == [
        "990000000",
        "993200000",
        "993230000",
        "993230100",
    ]


def test_an_official_new_name_holds_and_the_old_one_is_understood(tmp_path: Path) -> None:
    rows = (
        OFFICIAL
        + "110000000,11,0,0,0,0,Ақмола облысы,Акмолинская область,1\n117000000,11,70,0,0,2,Жаңаат ауданы,Жанаатский район,2\n"
    )
    write_places(classify(line.split(",") for line in rows.splitlines()).rows, tmp_path / "t.tsv")
    territory = load_territory(classifier=tmp_path / "t.tsv")
    assert territory.get("117000000").name.ru == "Жанаатский район"
    assert codes(territory, "Бурабайский район") == ["117000000"]
    assert codes(territory, "Жаңаат ауданында") == ["117000000"]


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("code\tname\n", "utf-8")
    with pytest.raises(ContentError, match="import_kato"):
        load_territory(classifier=tmp_path / "t.tsv")
    (tmp_path / "t.tsv").write_text("code\ttype\tkk\tru\tlat\tlon\n1\tvillage\tА\tА\t\t\n", "utf-8")
    with pytest.raises(ContentError, match="line 2"):
        load_territory(classifier=tmp_path / "t.tsv")


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 9), st.sampled_from("абвгдежзк"))
def test_a_country_of_villages(districts: int, letter: str) -> None:
    """At size: every village is found below its district, and nothing is lost."""
    rows = ["te,ab,cd,ef,hij,k,kaz_name,rus_name,nn", "990000000,99,0,0,0,0,Үлгі облысы,Примерная область,1"]
    villages = []
    for district in range(districts):
        code = f"99{district + 30}00000"
        rows.append(
            f"{code},99,{district + 30},0,0,2,Аудан{letter}{'у' * (district + 1)}р ауданы,Район{letter}{'о' * (district + 1)}рский район,1"
        )
        rows.append(f"{code[:4]}30000,99,{district + 30},30,0,2,Орта а.о.,Ортинский с.о.,1")
        for number in range(200):
            villages.append(f"{code[:4]}30{number + 100}")
            rows.append(
                f"{villages[-1]},99,{district + 30},30,{number + 100},2,Қоныс{letter}{number} а.,с.Конысец{letter}{number},1"
            )
    read = classify(line.split(",") for line in rows)
    assert [row.code for row in read.rows if row.type == "village"] == villages
    assert not read.left_out
