"""Tables: what a cell means, what is refused of a row, and that a table read and written again is the same."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from automation.model.configuration import ConfigObject, InvalidConfigurationError, Json, ObjectKind
from automation.model.errors import ConfigError
from automation.project.bulk import limits, tables
from automation.project.bulk.cells import SCALAR, STATES, guarded, unguarded
from automation.project.bulk.row import Row
from automation.project.bulk.tables import TableFormat, dump, parse
from automation.project.bulk.xlsx_table import write_xlsx
from automation.project.codec import checked
from tests.project.bodies import objects, texts

TAG, ALARM, EQUIPMENT = ObjectKind.TAG, ObjectKind.ALARM, ObjectKind.EQUIPMENT
CSV, XLSX = TableFormat.CSV, TableFormat.XLSX
MISTAKES = {
    "range": "row 2: tag A: range: expected a number",
    "initial": "row 2: tag A: initial: expected true or false",
}


def csv_rows(text: str, kind: ObjectKind = TAG) -> list[Row]:
    return list(parse(kind, text.encode(), CSV))


def told(row: Row) -> list[str]:
    return [str(mistake) for mistake in row.mistakes]


def refused(kind: ObjectKind, data: bytes, table: TableFormat) -> list[str]:
    with pytest.raises(InvalidConfigurationError) as found:
        parse(kind, data, table)
    return [str(mistake) for mistake in found.value.mistakes]


def book(*rows: list[object], title: str = "Sheet1") -> bytes:
    made = Workbook()
    page: Any = made.active
    page.title = title
    for row in rows:
        page.append(row)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def test_a_row_becomes_a_body_and_an_empty_cell_the_default() -> None:
    (row,) = csv_rows(
        "name,type,unit,range,scale.raw,scale.eng,filters,checks.max_rate,metadata.p&id,history,deadband,initial\n"
        'A,float,m,0;8,0;27648,0;8,"[{""kind"":""median"",""samples"":5}]",0.5,,FALSE,0.5 %,\n'.replace("p&id", "pid"),
    )[:1]

    assert told(row) == ["row 2: tag A: filters: only what a device sends is filtered"]
    (row,) = csv_rows("name;states;type;initial;output.safe;source;writable\nA;0=Shut;enum;Shut;;;yes\n")
    assert row.body == {"name": "A", "type": "enum", "states": {"0": "Shut"}, "initial": 0, "writable": True}
    assert row.number == 2


def test_what_is_recorded_of_a_tag_is_true_false_or_a_table_of_fields() -> None:
    rows = csv_rows('name;history\nA;false\nB;"{""mode"":""periodic"",""interval_s"":5}"\nC;{mode}\n')

    assert [row.body for row in rows[:2]] == [
        {"name": "A", "history": False},
        {"name": "B", "history": {"mode": "periodic", "interval_s": 5.0}},
    ]
    assert told(rows[2]) == ["row 4: tag C: history: expected JSON"]


@pytest.mark.parametrize(
    "text",
    [
        "name,unit,range\r\nA,m,0;8\r\n",
        "\ufeffname;unit;range\nA;m;0;8\n".replace("0;8", '"0;8"'),
        "name\tunit\trange\nA\tm\t0;8",
    ],
)
def test_csv_is_read_with_any_separator_and_with_or_without_a_mark(text: str) -> None:
    (row,) = csv_rows(text)

    assert row.body == {"name": "A", "unit": "m", "range": [0.0, 8.0]}


def test_every_mistake_of_every_row_is_told_with_its_number() -> None:
    rows = csv_rows(
        "name,range,initial,type,history,precision\n"
        "A,1;x,ff,bool,maybe,\n"
        "\n"
        'B b,"5;1",1e999,flaot,,2.5\n'
        "A,,,,,\n"
        "C,,,,,,extra\n"
        ",,,,true,\n"
        'D,"1,5",,,,\n'
    )

    assert [row.number for row in rows] == [2, 4, 5, 6, 7, 8]
    assert told(rows[0]) == [*MISTAKES.values(), "row 2: tag A: history: expected true or false"]
    assert [line.partition(": ")[2] for line in told(rows[1])] == [
        "tag B b: initial: the number must be finite",
        "tag B b: precision: expected a whole number",
        "tag B b: name: a name has 1 to 128 letters, digits, '_', '.' or '-'",
        "tag B b: type: expected one of float, int, bool, string, enum; did you mean float?",
    ]
    assert told(rows[2]) == ["row 5: tag A: name: is there already, in row 2"]
    assert told(rows[3]) == ["row 6: tag C: more cells than the header has columns"]
    assert told(rows[4]) == ["row 7: tag: name: is missing"]
    assert told(rows[5]) == ["row 8: tag D: range: expected a number; the decimal sign is a point"]


def test_a_cell_that_is_too_long_is_refused_in_its_row() -> None:
    rows = csv_rows(f"name,description\nA,{'x' * 4097}\n{'n' * 5000},x\nB,x\n")

    assert told(rows[0]) == ["row 2: tag A: description: at most 4096 characters in a cell"]
    assert "row 3" in told(rows[1])[0]
    assert rows[2].body is not None


def test_unknown_columns_are_refused_all_at_once_with_what_was_meant() -> None:
    assert refused(TAG, b"nmae,unit,unti,unit,,scale.rwa,x\nA\n", CSV) == [
        "row 1: header: nmae: unknown column; did you mean name?",
        "row 1: header: unti: unknown column; did you mean unit?",
        "row 1: header: unit: this column is there twice",
        "row 1: header: column 5 has no name",
        "row 1: header: scale.rwa: unknown column; did you mean scale.raw?",
        "row 1: header: x: unknown column",
        "row 1: header: name: this column is missing",
    ]


@pytest.mark.parametrize(
    ("data", "table", "words"),
    [
        (b"", CSV, "name: this column is missing"),
        (b"\xff\xfen\x00", CSV, "not UTF-8 text: byte 0 is wrong"),
        (b'name\n"A', CSV, "line 2: this is no CSV"),
        (b'name\n"A"x', CSV, "line 2: this is no CSV"),
        (b"name\n" + b"x" * 200_000, CSV, "this is no CSV: field larger"),
        (b"", XLSX, "this is no XLSX"),
        (b"PK\x03\x04 and nothing more", XLSX, "this is no XLSX"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, table: TableFormat, words: str) -> None:
    assert words in refused(TAG, data, table)[0]


def test_a_table_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_MAX", 2)
    monkeypatch.setattr(tables, "FILE_BYTES_MAX", 40)
    monkeypatch.setattr(tables, "COLUMNS_MAX", 3)

    assert refused(TAG, b"name\nA\nB\nC\n", CSV) == ["csv file: at most 2 rows"]
    assert "larger than" in refused(TAG, b"name\n" + b"A" * 40, CSV)[0]
    assert refused(TAG, b"name,unit,type,scan\nA\n", CSV) == ["row 1: csv file: at most 3 columns"]


def packed(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    bomb = packed({"xl/worksheets/sheet1.xml": b" " * (limits.UNPACKED_BYTES_MAX + 1)})

    assert len(bomb) < 1_000_000
    assert "unpacked it is larger" in refused(TAG, bomb, XLSX)[0]
    assert "unpacked it is larger" in refused(TAG, packed({f"p{i}": b"" for i in range(1001)}), XLSX)[0]


def test_entities_that_grow_without_end_are_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
        b"ha" * 100,
        b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 100) for i in range(6)),
    )
    with zipfile.ZipFile(io.BytesIO(book(["name"], ["A"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = laughs + sheet.replace(b"<t>A</t>", b"<t>&g;</t>")

    assert "this is no XLSX" in refused(TAG, packed(parts), XLSX)[0]


def test_xlsx_is_read_with_numbers_booleans_and_texts() -> None:
    data = book(
        ["name", "type", "precision", "kilometre_post", "writable", "description", "initial", None],
        ["A", "float", 3, 5.25, True, 101, 2, None],
        [None, None, None],
        ["B", "string", None, 7.0, False, "x", 2, None],
    )

    rows = parse(TAG, data, XLSX)

    assert [row.number for row in rows] == [2, 4]
    assert rows[0].body == {
        "name": "A", "precision": 3, "kilometre_post": 5.25, "writable": True, "description": "101", "initial": 2.0,
    }  # fmt: skip
    assert rows[1].body == {"name": "B", "type": "string", "kilometre_post": 7.0, "description": "x", "initial": "2"}


def test_the_sheet_that_is_named_after_the_kind_is_read_else_the_first() -> None:
    made = Workbook()
    first: Any = made.active
    first.append(["nothing"])
    second: Any = made.create_sheet("Alarm")
    second.append(["name", "tag", "condition.kind", "condition.limit", "priority"])
    second.append(["H", "A", "high", 5, 1])
    written = io.BytesIO()
    made.save(written)

    (row,) = parse(ALARM, written.getvalue(), XLSX)

    assert row.body == {"name": "H", "tag": "A", "condition": {"kind": "high", "limit": 5.0}, "priority": 1}
    assert "nothing: unknown column" in refused(TAG, written.getvalue(), XLSX)[0]


def test_formulas_errors_and_dates_are_refused_in_their_row_and_no_others() -> None:
    data = book(
        ["name", "description"],
        ["A", "=1+1"],
        ["B", "#N/A"],
        ["C", datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)],
        ["D", "x"],
    )

    rows = parse(TAG, data, XLSX)

    assert [told(row)[:1] for row in rows] == [
        ["row 2: tag A: description: a formula; write its value"],
        ["row 3: tag B: description: an error of the spreadsheet"],
        ["row 4: tag C: description: a date or a time; write it as text"],
        [],
    ]


def test_a_sheet_with_a_cell_at_the_far_end_is_refused_and_not_filled_up() -> None:
    made = Workbook()
    page: Any = made.active
    page.append(["name"])
    page.cell(row=1_048_576, column=1, value="A")
    written = io.BytesIO()
    made.save(written)

    assert refused(TAG, written.getvalue(), XLSX) == ["xlsx file: at most 200000 rows"]


@pytest.mark.parametrize("table", list(TableFormat))
def test_no_cell_is_taken_for_a_formula(table: TableFormat) -> None:
    texts_ = ["=1+1", "+1", "-1", "@x", "'=1", "''", "'a", "＝1"]
    given_ = [checked(TAG, {"name": f"A{i}", "description": text}) for i, text in enumerate(texts_)]

    data = dump(TAG, given_, table)

    assert [(row.body or {})["description"] for row in parse(TAG, data, table)] == texts_
    if table is CSV:
        assert data.decode().splitlines()[1:3] == ["A0,'=1+1", "A1,'+1"]


def test_a_table_changes_only_the_columns_that_it_has() -> None:
    running = {
        "A": {
            "name": "A",
            "type": "int",
            "unit": "m",
            "scale": {"raw": [0.0, 1.0], "eng": [0.0, 8.0], "clamp": True},
            "initial": 5,
        },
        "F": {"name": "F", "function": True, "inputs": ["A"], "unit": "m"},
    }

    rows = parse(TAG, b"name,unit,scale.clamp,initial\nA,,,7\nF,bar,,\nN,bar,,1\n", CSV, running)

    assert [row.body for row in rows] == [
        {"name": "A", "type": "int", "scale": {"raw": [0.0, 1.0], "eng": [0.0, 8.0]}, "initial": 7},
        {"name": "F", "unit": "bar", "function": True, "inputs": ["A"]},
        {"name": "N", "unit": "bar", "initial": 1.0},
    ]


def test_an_empty_table_is_a_form_with_every_column() -> None:
    header = dump(ALARM, [], CSV).decode()

    assert header.startswith("name,tag,condition.kind,condition.limit")
    assert csv_rows(header, ALARM) == []


def test_types_do_not_fit_into_rows() -> None:
    for table in TableFormat:
        with pytest.raises(ConfigError, match="does not fit into the rows"):
            dump(ObjectKind.TYPE, [], table)
        with pytest.raises(ConfigError, match="does not fit into the rows"):
            parse(ObjectKind.TYPE, b"", table)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0=Shut;1=Open", {"0": "Shut", "1": "Open"}),
        (' -1 = a b ; 2="x" ', {"-1": "a b", "2": '"x"'}),
        ('{"1":"a;b"}', {"1": "a;b"}),
    ],
)
def test_states_are_read(cell: str, value: Json) -> None:
    assert STATES.read(cell) == value


@given(texts)
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    cell = guarded(text)

    assert cell
    assert cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert unguarded(cell) == text


@given(st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), texts))
def test_a_parameters_value_keeps_its_type_in_a_cell(value: Json) -> None:
    back = SCALAR.read(SCALAR.write(value))

    assert back == value
    assert isinstance(back, str) == isinstance(value, str)
    assert isinstance(back, bool) == isinstance(value, bool)


@pytest.mark.parametrize("kind", [TAG, ALARM, EQUIPMENT])
@pytest.mark.parametrize("table", list(TableFormat))
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_and_written_the_same(kind: ObjectKind, table: TableFormat, data: st.DataObject) -> None:
    given_: list[ConfigObject] = data.draw(st.lists(objects(kind), max_size=4, unique_by=lambda one: one.name))

    written = dump(kind, given_, table)
    rows = parse(kind, written, table)

    assert [told(row) for row in rows] == [[] for _ in given_]
    again = [checked(kind, row.body) for row in rows]
    assert [one.text for one in again] == [one.text for one in given_]
    assert dump(kind, again, table) == written


_headers = st.lists(
    st.sampled_from(["name", "type", "range", "states", "filters", "initial", "metadata.x", "output.safe", "deadband", "source"]),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip
_cells = st.one_of(
    texts, st.sampled_from(["nan", "1e400", "-0.0", "[" * 2000, '{"a":' * 500, "1=a;1=b", "1;2;3", "TRUE", "{}", "[1]"])
)


@pytest.mark.parametrize("table", list(TableFormat))
@settings(max_examples=30, deadline=None)
@given(header=_headers, rows=st.lists(st.lists(_cells, max_size=7), max_size=4))
def test_whatever_the_cells_hold_a_row_is_right_or_says_why_not(
    header: list[str], rows: list[list[str]], table: TableFormat
) -> None:
    everything = [["name", *(column for column in header if column != "name")], *rows]
    data = tables.write_csv(everything) if table is CSV else write_xlsx(everything, "tag")

    for row in parse(TAG, data, table):
        assert (row.body is None) == bool(row.mistakes)
        assert all(mistake.place == f"row {row.number}" for mistake in row.mistakes)
        assert all(str(mistake).isprintable() for mistake in row.mistakes)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 10_000), st.sampled_from(list(TableFormat)))
def test_bytes_of_any_kind_are_a_table_or_refused(noise: bytes, at: int, table: TableFormat) -> None:
    good = GOOD[table]
    data = good[: at % len(good)] + noise + good[at % len(good) + len(noise) :]

    try:
        rows = parse(TAG, data, table)
    except InvalidConfigurationError as error:
        rows, words = (), str(error)
        assert words
    assert all((row.body is None) == bool(row.mistakes) for row in rows)


GOOD = {
    table: dump(
        TAG, [checked(TAG, {"name": f"A{i}", "unit": "m", "precision": i, "metadata": {"x": "y"}}) for i in range(5)], table
    )
    for table in TableFormat
}
