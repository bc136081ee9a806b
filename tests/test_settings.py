"""Settings: one file and the environment, every mistake named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.model.errors import ConfigError
from automation.settings import load

REPO = Path(__file__).resolve().parents[1]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(text)
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), {})

    assert settings.web.port == 8080
    assert settings.web.host == "127.0.0.1"
    assert settings.config_url.endswith("/var/config.db")


def test_every_file_in_config_is_valid() -> None:
    files = sorted((REPO / "config").glob("*.toml"))

    assert files
    for path in files:
        load(path, {})


def test_an_unknown_key_is_named_with_file_line_and_a_suggestion(tmp_path: Path) -> None:
    path = write(tmp_path, "[site]\nid = 'a'\n\n[web]\nhost = '::1'\nprot = 1\n")

    with pytest.raises(ConfigError, match=r"site\.toml:6: web\.prot: unknown key; did you mean port\?"):
        load(path, {})


def test_an_unknown_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"site\.toml:1: wep: unknown key; did you mean web\?"):
        load(write(tmp_path, "[wep]\nport = 1\n"), {})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[web]\nport = 'eighty'", "web.port"),
        ("[web]\nport = 70000", "web.port"),
        ("[web]\nport = '8080'", "web.port"),
        ("[site]\nid = 'Not Good'", "site.id"),
        ("[links.plc]\nunit_id = 300", "links.plc.unit_id"),
        ("[log]\nlevel = 'LOUD'", "log.level"),
    ],
)
def test_a_wrong_value_names_its_key_and_what_was_given(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(ConfigError, match=rf"site\.toml:2: {place}: .*\(got "):
        load(write(tmp_path, text), {})


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, "[web]\nport = -1\n[opcua]\nport = -1\n"), {})

    assert len(str(caught.value).splitlines()) == 2


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "[web]\nport = 1\n")

    settings = load(path, {"AUTOMATION__WEB__PORT": "9000", "AUTOMATION__SITE__NAME": "North plant", "HOME": "/"})

    assert settings.web.port == 9000
    assert settings.site.name == "North plant"


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"AUTOMATION__WEB__PROT: web\.prot: unknown key"):
        load(write(tmp_path, ""), {"AUTOMATION__WEB__PROT": "1"})


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"site\.toml: not valid TOML.*line 1"):
        load(write(tmp_path, "[web\n"), {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        load(tmp_path / "none.toml", {})


def test_settings_cannot_be_changed_after_loading(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), {})

    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_a_time_zone_that_nobody_knows_is_named(tmp_path: Path, zone: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f'[site]\ntime_zone = "{zone}"\n')

    with pytest.raises(ConfigError, match=r"site\.toml:2: site\.time_zone: .*no IANA time zone"):
        load(file, {})


def test_classes_of_alarms_and_guidance_of_areas_are_read(tmp_path: Path) -> None:
    text = (
        "[alarms.classes.safety]\nshelvable = false\nack_permission = 'force'\n\n"
        '[alarms.guidance."station/pumps"]\nresponse_s = 300.0\ndisplay = "/overview"\n'
    )

    alarms = load(write(tmp_path, text), {}).alarms

    assert (alarms.classes["safety"].shelvable, alarms.classes["safety"].max_shelve_s) == (False, None)
    assert (alarms.guidance["station/pumps"].response_s, alarms.guidance["station/pumps"].display) == (300.0, "/overview")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[alarms.classes.safety]\nmax_shelve_s = 0.0\n", r"site\.toml:2: alarms\.classes\.safety\.max_shelve_s"),
        ("[alarms.classes.safety]\nshelveable = false\n", r"site\.toml:2: .*shelveable: unknown key; did you mean shelvable\?"),
        ("[alarms.guidance.station]\ndisplay = 'https://example.org'\n", r"site\.toml:2: .*display: .*a path of the HMI"),
        ('[alarms.guidance."station//pumps"]\ncause = "x"\n', r"alarms\.guidance\.station//pumps.*: .*the path of an area"),
    ],
)
def test_a_wrong_class_or_guidance_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path, text), {})


def test_the_log_book_has_the_categories_and_shifts_of_the_site(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text('[logbook]\ncategories = ["Schicht", "Störung"]\n[logbook.shifts]\n"Früh" = "06:00"\nNacht = "22:30"\n')

    logbook = load(file, {}).logbook

    assert logbook.categories == ("Schicht", "Störung")
    assert logbook.shifts == {"Früh": "06:00", "Nacht": "22:30"}


@pytest.mark.parametrize(
    "text", ["[logbook]\ncategories = []\n", '[logbook]\ncategories = [""]\n', '[logbook.shifts]\nearly = "6:00"\n']
)
def test_a_log_book_that_makes_no_sense_is_refused(tmp_path, text):
    file = tmp_path / "site.toml"
    file.write_text(text)

    with pytest.raises(ConfigError, match=r"site.toml:2: logbook\."):
        load(file, {})
