"""The history as a frame of pandas or a table of Arrow: over REST, or straight from the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from automation.client.client import Client
from automation.client.history import HistoryClient
from automation.frames.archived import reads_of
from automation.frames.frame import arrow_table, pandas_frame
from automation.frames.remote import remote_table
from automation.model.errors import ConfigError, InvalidValueError, UnknownTagError
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.export import table_of
from automation.observers.historian.queries.fold import Aggregate
from automation.observers.historian.queries.question import Method, Mode, Question
from automation.observers.historian.series import check_range
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.calendar import step_of, zone_of
from automation.storage.database import Database
from automation.system.clock import RealClock

if TYPE_CHECKING:
    import pandas
    import pyarrow

Instant: TypeAlias = float | str | datetime
ModeName: TypeAlias = Literal["raw", "buckets", "plot", "interpolated", "table", "at"]
Shape: TypeAlias = Literal["pandas", "arrow"]

_HOUR_S = 3600.0
_EVERYTHING = Budget(points=10**12, days=1e9, samples=10**12, seconds=1e9)  # the caller's own process and memory


def history(  # noqa: PLR0913 - all but the tags may be left out
    tags: str | Sequence[str],
    start: Instant | None = None,
    end: Instant | None = None,
    *,
    mode: ModeName = "raw",
    step: str | float | None = None,
    buckets: int = 500,
    aggregates: Sequence[str] = ("min", "max", "mean", "count"),
    interpolation: Literal["stepped", "linear"] | None = None,
    width: int = 1_000,
    method: Method = "auto",
    tz: str = "UTC",
    url: str | None = None,
    token: str = "",
    login: tuple[str, str] | None = None,
    certificates: str | None = None,
    database: str | None = None,
    archive: str = "",
    as_: Shape = "pandas",
) -> pandas.DataFrame | pyarrow.Table:
    """What was recorded of the tags from start up to end, as a frame whose index is the time, or as an Arrow table.

    start, end: POSIX seconds, or a date and time, on the clock of tz if it has no offset; the last hour by default. In mode
    ``at`` start is the instant, the end of the record by default. mode: ``raw`` and ``plot`` have a row for each sample and
    columns tag, value, quality; ``buckets`` a row for each bucket and tag with the aggregates; ``table`` and ``interpolated`` a
    row for each step, and its columns are the name of each tag and ``<name> quality``. step: such as ``10s``, ``1h``, ``1d``, or
    seconds, counted in tz; without it there are as many equal ones as ``buckets`` says. quality: OPC UA status codes.

    Either url of a runtime, with a token or login (name, password), or database, the address of the history's database, which is
    only read, and archive, the folder of its old samples, if it has one. Raises ``ConfigError``, ``UnknownTagError``,
    ``InvalidValueError``, ``StorageError``, ``MissingExtraError`` without the extra ``analytics``, and what ``Client`` raises.
    """
    names = (tags,) if isinstance(tags, str) else tuple(tags)
    if not names:
        raise InvalidValueError("history: tags: at least one is needed")
    if mode not in set(Mode):
        raise InvalidValueError(f"history: mode {mode!r:.40}: expected one of {', '.join(Mode)}")
    low, high = _range(start, end, Mode(mode), tz)
    question = Question(
        mode=Mode(mode),
        tags=names,
        low=low,
        high=high,
        aggregates=_aggregates(aggregates) if mode == "buckets" else (),
        step=_step(step),
        count=buckets,
        zone=tz,
        width=width,
        method=method,
        latest=mode == "at" and start is None,
        linear=interpolation == "linear" or (interpolation is None and mode == "interpolated"),
    )
    make = _MAKERS.get(as_)
    if make is None:
        raise InvalidValueError(f"history: as_ {as_!r:.40}: expected pandas or arrow")
    if (url is None) == (database is None):
        raise ConfigError("history: give either url, of a running runtime, or database, the address of its history")
    if database is not None:
        return _of_database(question, database, archive, make)
    client = Client(url or "", token, certificates=certificates)
    if login is not None:
        client.login(*login)
    return make(remote_table(HistoryClient(client), question), zone_of(tz))


def _of_database(question: Question, address: str, archive: str, make: Callable[..., object]) -> object:
    _check_file(address)
    database = Database(address, read_only=True)
    try:
        source = reads_of(SqlHistoryStore(database), archive)
        for name in question.tags:
            if source.type_of(name) is None:
                raise UnknownTagError(f"no history of {name}")
        return make(table_of(source, question, Meter(_EVERYTHING)), zone_of(question.zone))
    finally:
        database.close()


def _check_file(address: str) -> None:
    """Do nothing unless it is an SQLite file that is not there, which a connection would make."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            "history: database: not a database address; expected such as sqlite:////var/lib/plant/history.db"
        ) from error
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise ConfigError(f"history: database: there is no file {url.database}")


def _range(start: Instant | None, end: Instant | None, mode: Mode, tz: str) -> tuple[int, int]:
    zone_of(tz)
    now = RealClock().now()
    if mode is Mode.AT:
        instant = now if start is None else _seconds(start, tz, "start")
        low, _ = check_range(instant, instant + 1.0)
        return low, low + 1
    until = now if end is None else _seconds(end, tz, "end")
    return check_range(until - _HOUR_S if start is None else _seconds(start, tz, "start"), until)


def _seconds(given: Instant, tz: str, what: str) -> float:
    if isinstance(given, int | float):
        return float(given)
    try:
        found = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    except ValueError as error:
        raise InvalidValueError(f"history: {what} {given!r:.60}: expected such as 2026-05-04T06:00 or POSIX seconds") from error
    return (found if found.tzinfo is not None else found.replace(tzinfo=zone_of(tz))).timestamp()


def _step(step: str | float | None) -> str:
    if step is None:
        return ""
    text = step if isinstance(step, str) else f"{step:f}"
    step_of(text)
    return text


def _aggregates(names: Sequence[str]) -> tuple[Aggregate, ...]:
    for name in names:
        if name not in set(Aggregate):
            raise InvalidValueError(f"history: aggregates: {name!r:.40}: expected some of {', '.join(Aggregate)}")
    return tuple(dict.fromkeys(map(Aggregate, names)))


_MAKERS: dict[str, Callable[..., object]] = {"pandas": pandas_frame, "arrow": arrow_table}
