"""The fewest requests that make outputs safe."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from automation.guard.config import GuardedOutput
from automation.guard.modbus_wire import Table
from automation.guard.writes import plan_safe


def output(table: Table, offset: int, words: int = 1, *, unit: int = 1, bit: int | None = None) -> GuardedOutput:
    name = f"{unit}.{table}.{offset}.{bit}"
    return GuardedOutput(name=name, link="plc", unit=unit, table=table, offset=offset, safe=(0,) * words, bit=bit)


def test_neighbours_share_a_request_and_strangers_do_not() -> None:
    outputs = [
        output(Table.COIL, 1),
        output(Table.COIL, 0),
        output(Table.COIL, 3),
        output(Table.HOLDING, 4, 2),
        output(Table.HOLDING, 6),
        output(Table.HOLDING, 7, bit=1),
        output(Table.HOLDING, 7, bit=2),
        output(Table.COIL, 2, unit=2),
    ]

    plan = {tuple(o.offset for o in write.outputs): write.words for write in plan_safe(outputs)}

    assert plan[0, 1] == (0, 0)
    assert plan[3,] == (0,)
    assert plan[4, 6] == (0, 0, 0)
    assert plan[2,] == (0,)
    assert len(plan_safe(outputs)) == 6


@given(
    st.sets(st.tuples(st.sampled_from([1, 2]), st.integers(0, 400)), max_size=300), st.sampled_from([Table.COIL, Table.HOLDING])
)
def test_a_plan_writes_each_output_once_and_nothing_else(places: set[tuple[int, int]], table: Table) -> None:
    plan = plan_safe([output(table, offset, unit=unit) for unit, offset in places])

    written = [(write.outputs[0].unit, write.outputs[0].offset + i) for write in plan for i in range(len(write.words))]
    assert sorted(written) == sorted(places)
    assert all(len(write.words) <= 123 for write in plan)
