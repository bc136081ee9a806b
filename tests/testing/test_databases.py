from __future__ import annotations

import pytest

from automation.storage.database import Database
from automation.testing import databases
from automation.testing.databases import DEMAND, DIALECTS, scratch_database


@pytest.fixture
def no_servers(monkeypatch, free_port):
    monkeypatch.setattr(
        databases,
        "_SERVERS",
        {
            "postgresql": (f"postgresql+psycopg2://postgres@127.0.0.1:{free_port}", "postgres", "PostgreSQL on a closed port"),
            "mariadb": (f"mysql+pymysql://root@127.0.0.1:{free_port}", "", "MariaDB on a closed port"),
        },
    )


@pytest.mark.contract
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_scratch_database_is_new_and_empty(dialect, tmp_path):
    for round_ in ("first", "second"):
        with scratch_database(dialect, tmp_path / round_) as url:
            database = Database(url)
            with database.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
            database.close()


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_missing_server_skips_the_test_with_its_name(no_servers, monkeypatch, tmp_path, dialect):
    monkeypatch.delenv(DEMAND, raising=False)

    with pytest.raises(pytest.skip.Exception, match="on a closed port"), scratch_database(dialect, tmp_path):
        pass


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_missing_server_fails_the_test_where_all_are_demanded(no_servers, monkeypatch, tmp_path, dialect):
    monkeypatch.setenv(DEMAND, "1")

    with pytest.raises(pytest.fail.Exception, match="on a closed port"), scratch_database(dialect, tmp_path):
        pass
