"""The contract of the store of tag-outs, on memory and on every database."""

from __future__ import annotations

import pytest

from automation.outputs.tag_out_sql import SqlTagOutStore
from automation.storage.database import Database
from automation.testing.contracts.tag_outs import TagOutStoreContract
from automation.testing.stores import MemoryTagOutStore


@pytest.mark.contract
class TestMemoryTagOutStore(TagOutStoreContract):
    @pytest.fixture
    def store(self) -> MemoryTagOutStore:
        return MemoryTagOutStore()


@pytest.mark.contract
class TestSqlTagOutStore(TagOutStoreContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlTagOutStore:
        return SqlTagOutStore(database)
