"""The store of notifications in a database."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.plan import Recipient
from automation.observers.notifications.rules import Watch
from automation.observers.notifications.store import FAILED, WAITING, Delivery
from automation.storage.database import Database
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

log = logging.getLogger(__name__)

_NAME, _ADDRESS, _SUBJECT, _ERROR = 128, 600, 250, 600
_TEXT_MAX = 20_000

metadata = sa.MetaData()
watch_table = sa.Table(
    "notification_watch",
    metadata,
    sa.Column("rule", sa.String(64), primary_key=True),
    sa.Column("alarm", sa.String(_NAME), primary_key=True),
    sa.Column("watch", sa.Text, nullable=False),
)
delivery_table = sa.Table(
    "notification_delivery",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("due_us", sa.BigInteger, nullable=False),
    sa.Column("done_us", sa.BigInteger),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("recipient", sa.String(_ADDRESS), nullable=False),
    sa.Column("address", sa.String(_ADDRESS), nullable=False),
    sa.Column("subject", sa.String(_SUBJECT), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("error", sa.String(_ERROR), nullable=False),
)
_d = delivery_table.c
_w = watch_table.c


class SqlNotificationStore:
    """Watches and deliveries in a database whose branch ``config`` must be migrated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Sequence[Watch]:
        """Every watch; one that cannot be read is logged and left out. Raises ``StorageError``."""
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(_w.rule, _w.alarm, _w.watch)).all()
        found = [_watch(rule, alarm, text) for rule, alarm, text in rows]
        return [watch for watch in found if watch is not None]

    def save(self, watches: Sequence[Watch], gone: Collection[tuple[str, str]], deliveries: Sequence[Delivery]) -> None:
        """Keep, forget and queue in one transaction. Raises ``StorageError``; then nothing has changed."""
        leaving = [{"r": rule, "a": alarm} for rule, alarm in (*gone, *(watch.key for watch in watches))]
        if not leaving and not deliveries:
            return
        with self._database.begin() as connection:
            if leaving:
                which = (_w.rule == sa.bindparam("r")) & (_w.alarm == sa.bindparam("a"))
                connection.execute(watch_table.delete().where(which), leaving)
            if watches:
                connection.execute(watch_table.insert(), [_watch_row(watch) for watch in watches])
            if deliveries:
                connection.execute(delivery_table.insert(), [_delivery_row(delivery) for delivery in deliveries])

    def due(self, channel: str, now: float, limit: int) -> Sequence[Delivery]:
        """Deliveries of the channel that wait and are due, oldest first. Raises ``StorageError``."""
        which = (_d.channel == channel) & (_d.state == WAITING) & (_d.due_us <= to_micros(now))
        with self._database.begin() as connection:
            rows = connection.execute(delivery_table.select().where(which).order_by(_d.seq).limit(limit)).mappings().all()
        return [_delivery(row) for row in rows]

    def next_due(self, channel: str) -> float | None:
        """When the next waiting delivery of the channel is due. Raises ``StorageError``."""
        select = sa.select(sa.func.min(_d.due_us)).where((_d.channel == channel) & (_d.state == WAITING))
        with self._database.begin() as connection:
            found = connection.execute(select).scalar()
        return None if found is None else from_micros(int(found))

    def record(self, delivery: Delivery) -> None:
        """Keep what came of a delivery. Raises ``StorageError``."""
        values = {
            "state": delivery.state,
            "due_us": to_micros(delivery.due),
            "done_us": None if delivery.done is None else to_micros(delivery.done),
            "attempts": delivery.attempts,
            "error": clean(delivery.error, _ERROR),
        }
        with self._database.begin() as connection:
            connection.execute(delivery_table.update().where(_d.id == delivery.id).values(**values))

    def newest(
        self, limit: int, *, before: int | None = None, channel: str | None = None, state: str | None = None
    ) -> Sequence[Delivery]:
        """Deliveries that match, newest first. Raises ``StorageError``."""
        select = delivery_table.select().order_by(_d.seq.desc()).limit(limit)
        if before is not None:
            select = select.where(_d.seq < before)
        if channel is not None:
            select = select.where(_d.channel == clean(channel, 64))
        if state is not None:
            select = select.where(_d.state == clean(state, 16))
        with self._database.begin() as connection:
            return [_delivery(row) for row in connection.execute(select).mappings()]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many deliveries there are by channel and state. Raises ``StorageError``."""
        select = sa.select(_d.channel, _d.state, sa.func.count()).group_by(_d.channel, _d.state)
        with self._database.begin() as connection:
            return {(channel, state): int(count) for channel, state, count in connection.execute(select)}

    def abandon(self, known: Collection[str], error: str, now: float) -> int:
        """How many deliveries waited for other channels; they are given up now. Raises ``StorageError``."""
        which = (_d.state == WAITING) & _d.channel.not_in(list(known))
        values = {"state": FAILED, "error": clean(error, _ERROR), "done_us": to_micros(now)}
        with self._database.begin() as connection:
            return connection.execute(delivery_table.update().where(which).values(**values)).rowcount

    def forget(self, before: float) -> None:
        """Forget what was sent or given up before the instant. Raises ``StorageError``."""
        with self._database.begin() as connection:
            connection.execute(delivery_table.delete().where((_d.state != WAITING) & (_d.done_us < to_micros(before))))


def _watch_row(watch: Watch) -> Mapping[str, Any]:
    return {"rule": watch.rule, "alarm": watch.news.name, "watch": json.dumps(asdict(watch))}


def _watch(rule: str, alarm: str, text: str) -> Watch | None:
    try:
        kept = json.loads(text)
        kept["news"] = AlarmNews(**kept["news"])
        kept["told"] = tuple(Recipient(**one) for one in kept["told"])
        return Watch(**kept)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("notification of alarm %s by rule %s: cannot be read and begins anew: %s", alarm, rule, error)
        return None


def _delivery_row(delivery: Delivery) -> Mapping[str, Any]:
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "rule": delivery.rule,
        "kind": delivery.kind,
        "state": delivery.state,
        "created_us": to_micros(delivery.created),
        "due_us": to_micros(delivery.due),
        "done_us": None if delivery.done is None else to_micros(delivery.done),
        "attempts": delivery.attempts,
        "recipient": clean(delivery.recipient, _ADDRESS),
        "address": clean(delivery.address, _ADDRESS),
        "subject": clean(delivery.subject, _SUBJECT),
        "text": clean(delivery.text, _TEXT_MAX),
        "data": json.dumps(delivery.data),
        "error": clean(delivery.error, _ERROR),
    }


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    return Delivery(
        seq=row["seq"],
        id=row["id"],
        channel=row["channel"],
        rule=row["rule"],
        kind=row["kind"],
        state=row["state"],
        created=from_micros(row["created_us"]),
        due=from_micros(row["due_us"]),
        done=None if row["done_us"] is None else from_micros(row["done_us"]),
        attempts=row["attempts"],
        recipient=row["recipient"],
        address=row["address"],
        subject=row["subject"],
        text=row["text"],
        data=_data(row["id"], row["data"]),
        error=row["error"],
    )


def _data(identity: str, text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        log.error("notification %s: its data cannot be read; it goes without", identity)
        return {}
    return found
