"""Preferences: what is taken, what is refused, and what comes back from every database."""

from __future__ import annotations

import pytest

from automation.model.errors import InvalidValueError, StorageError
from automation.model.event import Event
from automation.model.units import quantities
from automation.security.preferences import Preferences, SqlPreferenceStore, time_zones, user_preferences_table
from automation.storage.journal import Journal
from automation.testing.journal import MemoryJournal
from automation.testing.users import MemoryPreferenceStore

OWN = Preferences(time_zone="America/Argentina/Buenos_Aires", units={"temperature": "degF", "pressure": "psi"})
EVENT = Event(time=1.0, kind="user.preferences", subject="anna", message="told by a test", actor="anna")


def test_the_defaults_are_the_zone_of_the_site_english_and_the_units_of_the_tags():
    assert Preferences() == Preferences(time_zone="", language="en", units={})


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "Etc/GMT+12"])
def test_a_zone_is_any_of_iana(zone):
    assert Preferences(time_zone=zone).time_zone == zone
    assert zone in time_zones()


def test_every_unit_of_every_quantity_may_be_shown():
    for quantity in quantities():
        for unit in quantity.units:
            assert Preferences(units={quantity.id: unit.id}).units == {quantity.id: unit.id}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"time_zone": "Europe/Berln"}, "time_zone: unknown 'Europe/Berln'; did you mean Europe/Berlin?"),
        ({"time_zone": "europe/berlin"}, "did you mean Europe/Berlin?"),
        ({"time_zone": "localtime"}, "time_zone: unknown 'localtime'"),
        ({"time_zone": "../../etc/passwd"}, "time_zone: unknown '../../etc/passwd'"),
        ({"time_zone": "x" * 5000}, "time_zone: unknown 'xxx"),
        ({"language": "de"}, "language: unknown 'de'"),
        ({"language": ""}, "language: unknown ''"),
        ({"units": {"temprature": "degC"}}, "units: unknown 'temprature'; did you mean temperature?"),
        ({"units": {"temperature": "degc"}}, "units.temperature: unknown unit 'degc'; did you mean degC?"),
        ({"units": {"temperature": "bar"}}, "units.temperature: bar is a unit of pressure"),
        ({"units": {"temperature": ""}}, "units.temperature: unknown unit ''"),
    ],
)
def test_what_is_unknown_is_named_with_what_was_probably_meant(fields, words):
    with pytest.raises(InvalidValueError) as refused:
        Preferences(**fields)

    assert words in str(refused.value)
    assert len(str(refused.value)) < 300


class PreferenceStoreContract:
    """Inherit and provide the fixtures ``store`` and ``journal``."""

    def test_a_user_who_chose_nothing_has_the_defaults(self, store):
        assert store.get("anna") == Preferences()

    def test_what_was_chosen_comes_back_to_whom_it_belongs(self, store, journal):
        store.put("anna", OWN, EVENT)

        assert store.get("anna") == OWN
        assert store.get("bert") == Preferences()
        assert [row.kind for row in journal.query()] == ["user.preferences"]

    def test_the_newer_choice_replaces_the_older(self, store):
        store.put("anna", OWN, EVENT)
        store.put("anna", Preferences(time_zone="UTC"), EVENT)

        assert store.get("anna") == Preferences(time_zone="UTC")


@pytest.mark.contract
class TestMemoryPreferenceStore(PreferenceStoreContract):
    @pytest.fixture
    def journal(self):
        return MemoryJournal()

    @pytest.fixture
    def store(self, journal):
        return MemoryPreferenceStore(journal)


@pytest.mark.contract
class TestSqlPreferenceStore(PreferenceStoreContract):
    @pytest.fixture
    def journal(self, database):
        return Journal(database)

    @pytest.fixture
    def store(self, database, journal):
        return SqlPreferenceStore(database, journal)

    def test_a_journal_that_cannot_be_written_keeps_the_preferences_as_they_were(self, store, database):
        with database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE journal RENAME TO journal_gone")

        with pytest.raises(StorageError):
            store.put("anna", OWN, EVENT)

        assert store.get("anna") == Preferences()

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("no json", Preferences()),
            ("[1]", Preferences()),
            ("{}", Preferences()),
            ('{"time_zone":"Gone/Zone","language":"xx","units":[]}', Preferences()),
            (
                '{"time_zone":5,"language":null,"units":{"temperature":7,"pressure":"psi"}}',
                Preferences(units={"pressure": "psi"}),
            ),
            ('{"time_zone":"UTC","units":{"gone":"x"},"more":1}', Preferences(time_zone="UTC")),
        ],
    )
    def test_what_means_nothing_any_more_is_left_out(self, store, database, text, left):
        with database.begin() as connection:
            connection.execute(user_preferences_table.insert().values(name="anna", preferences=text))

        assert store.get("anna") == left
