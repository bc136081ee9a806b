from __future__ import annotations

import logging

import pytest

from automation.model.errors import StorageError
from automation.model.tag import DataType
from automation.observers.historian.rows import Row
from automation.observers.historian.spool import Spool


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def rows(count: int, first: int = 0) -> list[Row]:
    return [Row("T", DataType.FLOAT, i, float(i), 0) for i in range(first, first + count)]


def drain(spool: Spool) -> list[Row]:
    found = []
    while (frame := spool.peek()) is not None:
        found += frame.rows
        spool.ack()
    return found


def test_a_new_spool_is_empty(spool):
    assert not spool
    assert spool.peek() is None


def test_rows_come_back_as_they_were_in_order(spool):
    written = [
        Row("A", DataType.FLOAT, 1, 0.1, 0),
        Row("B", DataType.INT, 2, 2**64 - 1, 0),
        Row("B", DataType.INT, 3, -(2**63), 0x80000000),
        Row("C", DataType.BOOL, 4, True, 0),
        Row("D", DataType.STRING, 5, "Grüße", 0),
        Row("D", DataType.STRING, 6, None, 0x80310000),
    ]
    spool.write(written[:4], 7)
    spool.write(written[4:], 9)

    frame = spool.peek()

    assert (frame.rows, frame.until) == (written[:4], 7)
    assert spool.peek() == frame
    assert [type(row.value) for row in frame.rows] == [float, int, int, bool]
    assert drain(spool) == written
    assert not spool
    assert spool.bytes == 0


def test_a_drained_spool_leaves_no_files(spool, tmp_path):
    spool.write(rows(10), 0)
    drain(spool)

    assert list((tmp_path / "spool").iterdir()) == []


def test_rows_are_there_after_a_restart(tmp_path):
    first = Spool(tmp_path)
    first.write(rows(3), 0)
    first.write(rows(3, 3), 0)
    first.peek()
    first.ack()  # without the whole segment: half of it comes again
    second = Spool(tmp_path)
    second.write(rows(3, 6), 0)

    assert drain(second) == rows(9)
    first.close()
    second.close()


def test_reading_and_writing_may_alternate(spool):
    found = []
    for i in range(50):
        spool.write(rows(7, i * 7), 0)
        if i % 3 == 0:
            found += spool.peek().rows
            spool.ack()

    assert found + drain(spool) == rows(350)


def test_many_rows_are_spread_over_frames_and_segments(spool, tmp_path):
    written = [Row("T", DataType.STRING, i, f"{i:0500}", 0) for i in range(22_500)]
    for i in range(3):
        spool.write(written[i * 7_500 : (i + 1) * 7_500], 0)

    assert len(list((tmp_path / "spool").iterdir())) > 1
    assert len(spool.peek().rows) < 7_500
    assert drain(spool) == written


def test_the_start_of_a_run_is_a_frame_without_rows(spool):
    spool.write(rows(1), 5)
    spool.write_start(6)

    spool.peek()
    spool.ack()

    assert spool.peek() == ([], 6)


def test_a_full_spool_refuses_and_keeps_what_it_has(tmp_path):
    spool = Spool(tmp_path, max_bytes=1_000)
    spool.write(rows(5), 0)

    with pytest.raises(StorageError, match="full at"):
        spool.write(rows(100), 0)

    assert drain(spool) == rows(5)
    spool.write(rows(5), 0)
    spool.close()


@pytest.mark.parametrize("cut", [1, 4, 9, 30])
def test_what_a_crash_cut_off_is_set_aside_and_the_rest_is_read(tmp_path, cut, caplog):
    spool = Spool(tmp_path)
    spool.write(rows(3), 0)
    spool.write(rows(3, 3), 0)
    spool.close()
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-cut])

    with caplog.at_level(logging.ERROR):
        again = Spool(tmp_path)
        again.write(rows(3, 6), 0)
        found = drain(again)
    again.close()

    assert found == rows(3) + rows(3, 6)
    assert [p.suffix for p in tmp_path.iterdir()] == [".damaged"]
    assert caplog.text.count("damaged from byte") == 1


def test_a_flipped_byte_is_noticed(tmp_path, caplog):
    spool = Spool(tmp_path)
    spool.write(rows(3), 0)
    spool.close()
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)

    assert drain(Spool(tmp_path)) == []
    assert "damaged from byte 0" in caplog.text


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match=r"history spool .*file/spool"):
        Spool(tmp_path / "file" / "spool")
