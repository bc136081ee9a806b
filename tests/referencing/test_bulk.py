"""Tables of reference points: what is read, what is refused, and what goes out."""

from __future__ import annotations

import contextlib
import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.errors import InvalidValueError
from automation.referencing.bulk import plan, to_csv
from automation.referencing.point import ReferencePoint
from automation.referencing.table import ROWS_MAX, read_table

OLD = ReferencePoint(id=7, segment="north", km=1.0, latitude=2.0, longitude=3.0, elevation=4.0)
HEAD = "segment,km,latitude,longitude,elevation\n"


def planned(text: str | bytes, *points: ReferencePoint, create: bool = False):
    content = text if isinstance(text, bytes) else text.encode()
    return plan(read_table(content, "csv"), points, create=create)


def xlsx(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_each_row_adds_changes_or_leaves_a_point():
    rows = planned(HEAD + "north,1,2.0,3.0,4\nnorth,2,2.5,3.5,\nsouth,1,-2,-3,5\n", OLD)

    assert [(one.row.row, one.row.name, one.row.action) for one in rows] == [
        (2, "north km 1", "same"),
        (3, "north km 2", "add"),
        (4, "south km 1", "add"),
    ]
    assert rows[1].point == ReferencePoint(segment="north", km=2.0, latitude=2.5, longitude=3.5)
    assert rows[1].row.fields["latitude"] == (None, 2.5)


def test_a_changed_row_tells_old_and_new_and_keeps_the_id():
    (row,) = planned(HEAD + "north,1.0,2.25,3.0,\n", OLD)

    assert row.row.action == "change"
    assert row.row.fields == {"latitude": (2.0, 2.25), "elevation": (4.0, None)}
    assert (row.point.id, row.old) == (7, OLD)


def test_a_table_without_elevations_leaves_those_that_are_known():
    (row,) = planned("segment,km,latitude,longitude\nnorth,1,2.5,3", OLD)

    assert row.point == replace(OLD, latitude=2.5)


def test_a_taken_place_is_a_mistake_if_points_may_only_be_added():
    first, second = planned(HEAD + "north,1,2,3,\nnorth,1.5,2,3,\n", OLD, create=True)

    assert first.row.action == "bad"
    assert str(first.row.mistakes[0]) == "row 2: point north km 1: km: there is a point at this place already"
    assert second.row.action == "add"


def test_the_second_row_of_one_place_is_a_mistake():
    first, second, third = planned(HEAD + "a,1,2,3,\n\na,1.0000001,4,5,\nb,1,2,3,\n")

    assert (first.row.action, second.row.action, third.row.action) == ("add", "bad", "add")
    assert str(second.row.mistakes[0]) == "row 4: point a km 1.0000001: km: row 2 has the same segment and kilometre post"


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (",1,2,3,", "segment", "is missing"),
        ("a,,2,3,", "km", "is missing"),
        ("a,x,2,3,", "km", "expected a number, got 'x'"),
        ("a,1,91,3,", "latitude", "91 is out of range -90 to 90"),
        ("a,1,2,-181,", "longitude", "-181 is out of range -180 to 180"),
        ("a,1,2,3,deep", "elevation", "expected a number, got 'deep'"),
        ("a,1,nan,3,", "latitude", "expected a number, got 'nan'"),
        ("a,1,1e999,3,", "latitude", "must be finite"),
        ("a,1,1_0,3,", "latitude", "expected a number"),
        ("a,1,٣,3,", "latitude", "expected a number"),
        ("a,1", "latitude", "is missing"),
        (f"{'x' * 129},1,2,3,", "segment", "is longer than 128 characters"),
        ("=1+1,1,=A1,3,", "latitude", "expected a number, got '=A1'"),
    ],
)
def test_a_mistake_names_row_field_and_reason(row, field, words):
    (one,) = planned(HEAD + row)

    assert (one.row.action, one.point) == ("bad", None)
    mistake = next(mistake for mistake in one.row.mistakes if mistake.field == field)
    assert words in mistake.message
    assert mistake.place == "row 2"


def test_all_mistakes_of_a_row_are_told_at_once():
    (one,) = planned(HEAD + ",x,100,200,y")

    assert [mistake.field for mistake in one.row.mistakes] == ["segment", "km", "latitude", "longitude", "elevation"]


@pytest.mark.parametrize(
    "text",
    [
        "segment;km;latitude;longitude\nnord;12,5;52,25;-13,5",
        "Segment\tKilometre Post\tLat\tLon\nnord\t12+500\t52.25\t\u221213.5",
        "lon, LAT ,kp,segment,\n-13.5,52.25,12.5, nord ,",
        '\ufeffsegment,km,latitude,longitude\r\n"nord","12,5","52.25","-13.5"\r\n',
        "segment;km;latitude;longitude\nnord;12.5;52,25;'-13,5",
    ],
)
def test_tables_come_as_spreadsheets_write_them(text):
    (one,) = planned(text)

    assert one.point == ReferencePoint(segment="nord", km=12.5, latitude=52.25, longitude=-13.5)


def test_a_table_in_utf_16_is_read():
    (one,) = planned((HEAD + "süd,1,2,3,").encode("utf-16"))

    assert one.point.segment == "süd"


@pytest.mark.parametrize(("post", "km"), [("0+000", 0.0), ("12+345", 12.345), ("-1+250.5", -1.2505)])
def test_a_kilometre_post_may_be_written_with_its_metres(post, km):
    (one,) = planned(f"{HEAD}a,{post},1,2,")

    assert one.point.km == km


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "file: is empty"),
        (b"\n\n,,\n", "file: is empty"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        (b"segment,km,latitude,longitude\n\xe4,1,2,3", "is no text in UTF-8"),
        (b"segment,km,latitude", "column longitude: is missing"),
        (b"segment,km,latitude,longitude,hight", "column 'hight': is not known here"),
        (b"segment,km,latitude,longitude,elevatoin", "did you mean elevation?"),
        (b"segment,km,kp,latitude,longitude", "column km: is there twice"),
        (b'segment,km,latitude,longitude\n"' + b"x" * 200_000, "is no CSV"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_words(text, words):
    with pytest.raises(InvalidValueError) as refused:
        planned(text)

    assert words in str(refused.value)


def test_too_many_rows_are_refused():
    with pytest.raises(InvalidValueError, match=f"more than {ROWS_MAX} rows"):
        planned(HEAD + "a,1,2,3,\n" * (ROWS_MAX + 1))


def test_a_workbook_is_read_from_its_first_sheet():
    content = xlsx(["segment", "km", "lat", "lon", "elevation"], ["north", 1, 2.5, "3,5", None], [], [12, "2+000", 1, 2, 3.5])

    first, second = plan(read_table(content, "xlsx"), (), create=False)

    assert first.point == ReferencePoint(segment="north", km=1.0, latitude=2.5, longitude=3.5)
    assert (second.row.row, second.point) == (
        4,
        ReferencePoint(segment="12", km=2.0, latitude=1.0, longitude=2.0, elevation=3.5),
    )


def test_a_cell_of_a_workbook_that_is_no_number_is_a_mistake():
    content = xlsx(["segment", "km", "latitude", "longitude"], ["north", True, "=1+1", 3])

    (one,) = plan(read_table(content, "xlsx"), (), create=False)

    assert {mistake.field for mistake in one.row.mistakes} == {"km", "latitude"}


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no XLSX"),
        (b"segment,km", "is no XLSX"),
        (packed(a=b"b"), "is no XLSX"),
        (xlsx(["segment"])[:-200], "is no XLSX"),
        (packed(**{"xl/workbook.xml": b"<x", "[Content_Types].xml": b"<y"}), "is no XLSX"),
        (packed(bomb=bytes(129 * 1024 * 1024)), "too large when unpacked"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(content, words):
    with pytest.raises(InvalidValueError, match=words):
        read_table(content, "xlsx")


def test_text_that_a_spreadsheet_would_run_goes_out_guarded_and_comes_back():
    evil = ReferencePoint(segment='=HYPERLINK("http://x")', km=-1.5, latitude=-2.0, longitude=-3.0)

    text = to_csv([evil])

    assert text.splitlines()[1] == '"\'=HYPERLINK(""http://x"")",-1.5,-2.0,-3.0,'
    assert planned(text)[0].point == evil


segments = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" ',;=+-@\""), min_size=1, max_size=20
)


@given(
    points=st.lists(
        st.builds(
            ReferencePoint,
            segment=segments.filter(str.strip),
            km=st.floats(-1000, 1000),
            latitude=st.floats(-90, 90),
            longitude=st.floats(-180, 180),
            elevation=st.none() | st.floats(-100, 100),
        ),
        max_size=4,
        unique_by=lambda point: point.place,
    )
)
def test_what_was_exported_is_imported_to_the_last_digit(points):
    rows = planned(to_csv(points))

    assert [row.point for row in rows] == points


@given(content=st.binary(max_size=300), form=st.sampled_from(["csv", "xlsx"]))
def test_any_bytes_are_a_table_or_refused_in_words(content, form):
    with contextlib.suppress(InvalidValueError):
        plan(read_table(content, form), (), create=False)
