from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.model.errors import StorageError
from automation.storage.renames import TagRenames


def test_renames_wait_in_their_order_while_the_database_is_away() -> None:
    followed: list[tuple[Sequence[tuple[str, str]], float]] = []
    away = True

    def follow(names: Sequence[tuple[str, str]], now: float) -> None:
        if away:
            raise StorageError("locked")
        followed.append((names, now))

    renames, woken = TagRenames(follow), []
    renames.on_work = lambda: woken.append(1)
    renames.rename("A", "B")
    with pytest.raises(StorageError):
        renames.step(0.0)
    renames.rename("B", "C")
    away = False
    renames.step(1.0)
    renames.step(2.0)

    assert woken == [1, 1]
    assert followed == [((("A", "B"), ("B", "C")), 1.0)]
