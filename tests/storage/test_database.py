from __future__ import annotations

import socket
import stat

import pytest
import sqlalchemy as sa

from automation.model.errors import ConfigError, DataRefusedError, NotFoundError, StorageError
from automation.security.users import metadata as users
from automation.storage.bulk import insert_new
from automation.storage.database import Database
from automation.storage.journal import metadata as journal
from automation.system.clock import Stopwatch
from automation.testing.databases import DIALECTS, scratch_database


@pytest.fixture(params=DIALECTS)
def database(request, tmp_path):
    with scratch_database(request.param, tmp_path) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.mark.timing
@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_a_server_that_says_nothing_is_given_up_soon(dialect):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        database = Database(f"{dialect}://user@127.0.0.1:{mute.getsockname()[1]}/plant")
        watch = Stopwatch()
        with pytest.raises(StorageError, match=r"127\.0\.0\.1") as refused, database.begin():
            pass
        database.close()

    assert watch.elapsed_s() < 15
    assert "\n" not in str(refused.value)


def test_data_that_do_not_fit_are_told_apart_from_a_database_that_does_not_work(database):
    table = sa.Table(
        "kept", sa.MetaData(), sa.Column("number", sa.Integer, primary_key=True), sa.Column("word", sa.String(5), nullable=False)
    )
    with database.begin() as connection:
        table.create(connection)
    for row in ((1, None), (2**70, "fits")):
        with pytest.raises(DataRefusedError), database.begin() as connection:
            insert_new(connection, table, ("number", "word"), [row])
    with database.begin() as connection:
        table.drop(connection)
    with pytest.raises(StorageError) as refused, database.begin() as connection:
        insert_new(connection, table, ("number", "word"), [(1, "fits")])

    assert type(refused.value) is StorageError


def test_migrating_twice_changes_nothing(database):
    database.migrate("config")
    with database.begin() as connection:
        before = set(sa.inspect(connection).get_table_names())
    database.migrate("config")

    with database.begin() as connection:
        assert set(sa.inspect(connection).get_table_names()) == before
    assert {"users", "ended_sessions", "journal", "journal_head"} <= before


def test_tables_are_what_the_code_believes_them_to_be(database):
    database.migrate("config")
    with database.begin() as connection:
        inspector = sa.inspect(connection)
        for table in [*users.tables.values(), *journal.tables.values()]:
            assert [c["name"] for c in inspector.get_columns(table.name)] == [c.name for c in table.columns]


def test_an_error_in_the_block_undoes_it_and_passes_through(database):
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")

    def fails() -> None:
        with database.begin() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (1)")
            raise NotFoundError("nobody")

    with pytest.raises(NotFoundError):
        fails()
    with database.begin() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM t").scalar() == 0


def test_a_wrong_statement_is_a_storage_error_that_names_the_database(database):
    with pytest.raises(StorageError, match=r"scratch|automation_test"), database.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM nothing_of_the_kind")


def test_tables_of_a_newer_version_are_refused(database):
    database.migrate("config")
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_config SET version_num = '9999'")
    with pytest.raises(StorageError, match="do not fit this version"):
        database.migrate("config")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not a database address"),
        ("postgresql://user:hunter2@host:port/x", "not a database address"),
        ("oracle://h/x", "oracle is not supported"),
        ("foo://x", "foo is not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_repeating_its_password(url, words):
    with pytest.raises(ConfigError, match=words) as caught:
        Database(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql+psycopg://h/x", "postgresql+psycopg2"),
        ("mariadb://h/x", "mysql+pymysql"),
        ("mysql+aiomysql://h/x", "mysql+pymysql"),
    ],
)
def test_the_driver_is_always_the_one_that_is_installed(url, driver):
    database = Database(url)
    assert database.url.drivername == driver
    database.close()


def test_a_server_that_is_not_there_is_named_without_its_password(free_port):
    database = Database(f"postgresql://someone:hunter2@127.0.0.1:{free_port}/plant")
    with pytest.raises(StorageError, match=f"127.0.0.1:{free_port}") as caught, database.begin():
        pass
    assert "hunter2" not in str(caught.value)
    database.close()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"database folder .*/file/sub: cannot be written"):
        Database(f"sqlite:///{tmp_path}/file/sub/x.db")
    with pytest.raises(StorageError, match=r"database folder .*cannot be written"):
        Database("sqlite:////proc/automation/x.db")


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "x.db").write_text("this is a letter to my aunt, and not a database at all" * 100)
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(StorageError, match=r"x\.db: file is not a database"):
        database.migrate("config")
    database.close()


def test_a_folder_in_the_place_of_the_file_is_an_error(tmp_path):
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(StorageError, match="unable to open"), database.begin():
        pass
    database.close()


def test_an_sqlite_file_is_for_its_owner_only_and_commits_survive_a_power_cut(tmp_path):
    for durable, level in ((True, 2), (False, 1)):
        path = tmp_path / f"{durable}.db"
        database = Database(f"sqlite:///{path}", durable=durable)
        database.migrate("config")
        with database.begin() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob(f"{durable}.db*")} == {0o600}
        database.close()


def test_what_is_read_only_reads_and_does_not_write(database):
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    reader = Database(database.url.render_as_string(hide_password=False), read_only=True)

    for _ in range(2):  # also on the connection that comes back from the pool
        with pytest.raises(StorageError, match=r"(?i)read.?only"), reader.begin() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (2)")
        with reader.begin() as connection:
            assert connection.exec_driver_sql("SELECT x FROM t").all() == [(1,)]
    reader.close()
