"""The three lanes."""

from __future__ import annotations

from automation.guard.lanes import Lane, LaneQueue


def test_the_most_urgent_lane_is_served_first_and_each_in_its_order() -> None:
    queue: LaneQueue[str] = LaneQueue()
    for lane, item in ((Lane.POLL, "p1"), (Lane.WRITE, "w1"), (Lane.POLL, "p2"), (Lane.SAFE, "s1"), (Lane.WRITE, "w2")):
        assert queue.put(lane, item)

    assert len(queue) == 5
    assert [queue.take() for _ in range(6)] == ["s1", "w1", "w2", "p1", "p2", None]


def test_a_full_lane_refuses_and_leaves_the_others_open() -> None:
    queue: LaneQueue[int] = LaneQueue(capacity=1)

    assert queue.put(Lane.POLL, 1)
    assert not queue.put(Lane.POLL, 2)
    assert queue.put(Lane.WRITE, 3)
    assert queue.drain() == [3, 1]
    assert len(queue) == 0
