"""Project folders: every mistake has its place, and what is written comes back the same, byte by byte."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.configuration import ConfigObject, InvalidConfigurationError, Json, ObjectKind
from automation.model.errors import ConfigError, StorageError
from automation.project.codec import checked
from automation.project.files.reader import read_all, read_files, read_folder
from automation.project.files.toml import entry
from automation.project.files.writer import SCHEMA_FILE, write_files, write_folder
from tests.project.bodies import anything, objects, projects, texts

TAG, ALARM = ObjectKind.TAG, ObjectKind.ALARM


def mistakes_of(files: dict[str, str]) -> list[str]:
    with pytest.raises(InvalidConfigurationError) as refused:
        read_files(files)
    return [str(mistake) for mistake in refused.value.mistakes]


def tag(name: str, **more: Json) -> ConfigObject:
    return checked(TAG, {"name": name, **more})


def test_objects_are_read_with_their_places() -> None:
    desired = read_files(
        {
            "tags.toml": '[[tag]]\nname = "A"\n\n[[tag]]\nname = "B"\n',
            "more/alarms.toml": '[[alarm]]\nname = "H"\ntag = "A"\ncondition = { kind = "high", limit = 5 }\n',
            "project.toml": 'format = 1\nremove = { alarm = ["X"] }\n',
            "notes.txt": "not TOML",
        }
    )

    assert list(desired.objects) == [(ALARM, "H"), (TAG, "A"), (TAG, "B")]
    assert desired.places[(TAG, "B")] == "tags.toml:4"
    assert desired.removed == {(ALARM, "X")}
    assert desired.places[(ALARM, "X")] == "project.toml:2"


def test_every_mistake_of_every_file_is_told_in_order_with_file_line_and_suggestion() -> None:
    files = {
        "a.toml": '\ufeff[[tag]]\r\nname = "A"\r\ncause = """\r\n[[tag]]\r\nx=1"""\r\nunti="m"\r\n[[tag]]\r\nname="B"\r\n'
        'source = "p/1"\r\nfilters=[\r\n{kind="median",\tsamples=1}]\r\n[[tag]]\r\nname="C"\r\n',
        "b.toml": 'tag = [\n{name="C"}]\n[alarms]\n',
        "c.toml": "x = \n",
        "d.toml": "[[tag]\n",
        "e.toml": "a=" + "[" * 5000,
        "f.toml": "tag=5\nformat=1\n",
        "project.toml": 'formt = 1\nremove = {tag=["C", "a b"], tga=[1]}\n',
    }

    assert mistakes_of(files) == [
        "a.toml:3: tag A: cause: unknown field; did you mean scale?",
        "a.toml:6: tag A: unti: unknown field; did you mean unit?",
        "a.toml:11: tag B: filters.0.samples: must be at least 3",
        "b.toml:2: tag C: is there already, at a.toml:12",
        "b.toml:3: file b.toml: alarms: unknown kind of object; did you mean alarm?",
        "c.toml:1: file c.toml: this is no TOML: Invalid value, column 5",
        "d.toml:1: file d.toml: this is no TOML: Expected ']]' at the end of an array declaration, column 6",
        "e.toml:1: file e.toml: this is no TOML: nested too deeply",
        "f.toml:1: file f.toml: tag: expected [[tag]], with two brackets",
        "f.toml:2: file f.toml: format: unknown; it belongs into project.toml",
        "project.toml:1: file project.toml: formt: unknown kind of object; did you mean format?",
        "project.toml:1: file project.toml: format: is missing; write format = 1",
        "project.toml:2: file project.toml: remove.tag.1: expected the name of an object",
        "project.toml:2: file project.toml: remove.tga: unknown kind of object; did you mean tag?",
        "project.toml:2: tag C: is removed, but wanted at a.toml:12",
    ]


def test_numbers_that_are_none_have_their_place_too() -> None:
    found = mistakes_of(
        {"a.toml": '[[tag]]\nname="A"\nrange = [0.0,\n  nan]\nkilometre_post = inf\ndeadband = 1e400\ninitial = 1979-05-27\n'}
    )

    assert [line.partition(": tag A: ")[0] for line in found] == ["a.toml:4", "a.toml:5", "a.toml:6", "a.toml:7"]


def test_what_is_written_is_sorted_by_area_and_name_and_looks_as_a_person_would_write_it() -> None:
    files = write_files(
        [
            tag("B", area="station/pumps", range=[0, 8], scale={"raw": [0, 27648], "eng": [0, 8]}),
            tag("A", area="station/pumps", type="enum", states={"10": "Öffnen", "9": 'Zu "jetzt"'}),
            tag("C", metadata={"note": "x" * 80, "more": "y" * 40}),
            checked(ALARM, {"name": "H", "tag": "B", "condition": {"kind": "high", "limit": 5}, "action": "One.\nTwo."}),
        ],
        [(TAG, "Z"), (TAG, "Y")],
    )

    assert [name for name in files if name != SCHEMA_FILE] == [
        "alarms/_.toml",
        "project.toml",
        "tags/_.toml",
        "tags/station/pumps.toml",
    ]
    assert files["tags/station/pumps.toml"] == (
        '#:schema ../../.schemas/project.json\n\n[[tag]]\nname = "A"\ntype = "enum"\n'
        'states = { 9 = "Zu \\"jetzt\\"", 10 = "Öffnen" }\n'
        'area = "station/pumps"\n\n[[tag]]\nname = "B"\narea = "station/pumps"\nrange = [0.0, 8.0]\n'
        "scale = { raw = [0.0, 27648.0], eng = [0.0, 8.0] }\n"
    )
    assert files["tags/_.toml"].endswith(f'[tag.metadata]\nmore = "{"y" * 40}"\nnote = "{"x" * 80}"\n')
    assert 'action = """\nOne.\nTwo."""\n' in files["alarms/_.toml"]
    assert files["project.toml"] == '#:schema ./.schemas/project.json\n\nformat = 1\n\n[remove]\ntag = ["Y", "Z"]\n'


@settings(max_examples=25, deadline=None)
@given(projects(), st.frozensets(st.tuples(st.sampled_from(list(ObjectKind)), st.sampled_from(["r-1", "r-2"])), max_size=3))
def test_what_is_written_comes_back_and_is_written_the_same(
    given_: list[ConfigObject], removed: frozenset[tuple[ObjectKind, str]]
) -> None:
    removed -= {one.key for one in given_}
    files = write_files(given_, removed)

    desired = read_files(files)

    assert {key: one.text for key, one in desired.objects.items()} == {one.key: one.text for one in given_}
    assert desired.removed == removed
    assert write_files(reversed(list(desired.objects.values())), desired.removed) == files


@settings(max_examples=100, deadline=None)
@given(texts, texts, texts)
def test_every_text_survives_in_every_place_of_a_file(outer: str, inner: str, key: str) -> None:
    import tomllib  # noqa: PLC0415

    body = {"name": "A", "plain": outer, "list": [inner], "table": {key: inner}, "wide": {key: inner, "z" * 120: outer}}
    text = "\n".join(entry("tag", body))  # type: ignore[arg-type]

    assert tomllib.loads(text)["tag"][0] == body
    assert tomllib.loads(text.replace("\n", "\r\n"))["tag"][0] == body


@pytest.mark.parametrize(
    "area", ["..", "../x", ".git/hooks", "a.toml/b", "_", "CON", "x" * 200, "a\\b", "Äöü/ß", "a b./c", "%41", "-rf"]
)
def test_no_area_leads_out_of_the_folder_or_into_another_areas_file(area: str) -> None:
    objects_ = [tag("A", area=area), tag("B", area="a"), tag("C"), tag("D", area="A"), tag("E", area="a.toml")]
    files = write_files(objects_)

    assert read_files(files).objects == {one.key: one for one in objects_}
    assert len({name.casefold() for name in files}) == len(files)
    for name in files:
        assert name == SCHEMA_FILE or not any(part.startswith(".") or part.endswith((".", " ")) for part in name.split("/"))
        assert all(len(part.encode()) < 200 for part in name.split("/"))
        assert not {f"{'/'.join(name.split('/')[:n])}" for n in range(1, name.count("/") + 1)} & set(files)


def test_a_folder_is_brought_to_the_files_and_nothing_else_is_touched(tmp_path: Path) -> None:
    write_folder(tmp_path, write_files([tag("A", area="a"), tag("B", area="b")]))
    (tmp_path / "tags" / "mine.toml").write_text('# mine\n[[tag]]\nname = "M"\n')
    (tmp_path / "README.md").write_text("mine")
    before = (tmp_path / "tags" / "b.toml").stat().st_mtime_ns

    write_folder(tmp_path, write_files([tag("B", area="b")]))

    assert not (tmp_path / "tags" / "a.toml").exists()
    assert (tmp_path / "tags" / "b.toml").stat().st_mtime_ns == before
    assert (tmp_path / "README.md").exists()
    assert sorted(read_files(read_folder(tmp_path)).objects) == sorted([(TAG, "B"), (TAG, "M")], key=lambda key: key[1])


@pytest.mark.parametrize("name", ["../x.toml", "/etc/x.toml", "a/../../x.toml", "", "a\0b", "..\\x.toml"])
def test_a_file_outside_of_the_folder_is_never_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no file within"):
        write_folder(tmp_path / "project", {name: "x"})

    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_read_without_hidden_files_and_links(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.toml").write_text("x = ")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.toml").write_text('[[tag]]\nname = "B"\n')
    (tmp_path / "link.toml").symlink_to(tmp_path / "sub" / "b.toml")
    os.symlink(tmp_path, tmp_path / "loop")

    assert list(read_folder(tmp_path)) == ["sub/b.toml"]


def test_a_folder_or_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match="no such folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(StorageError, match=r"a.toml: not UTF-8"):
        read_folder(tmp_path)


def test_what_was_parsed_once_is_read_from_the_cache(tmp_path: Path) -> None:
    files = dict(write_files([tag(f"A{i}", area="a", description="x" * 40) for i in range(200)]))

    first = read_files(files, tmp_path)
    (kept,) = tmp_path.iterdir()
    again = read_files({"moved.toml": files["tags/a.toml"]}, tmp_path)

    assert again.objects == first.objects
    assert again.places[(TAG, "A0")].startswith("moved.toml:")
    kept.write_text("{}")
    assert read_files({"tags/a.toml": "#" + " " * 5000 + '\n[[tag]]\nname = "A"\n'}, tmp_path).objects == {(TAG, "A"): tag("A")}


def test_a_damaged_or_useless_cache_is_as_none(tmp_path: Path) -> None:
    files = write_files([tag(f"A{i}", description="x" * 100) for i in range(100)])
    first = read_files(files, tmp_path)
    for kept in tmp_path.iterdir():
        kept.write_bytes(b'{"objects":[["tag",1,{}]],"removed":[]}')

    assert read_files(files, tmp_path) == first
    assert read_files(files, tmp_path / next(tmp_path.iterdir()).name / "no folder") == first


def test_files_with_mistakes_are_not_kept(tmp_path: Path) -> None:
    reading = read_all({"a.toml": "#" * 5000 + '\n[[tag]]\nname = "A"\nunti = "m"\n'}, tmp_path)

    assert [str(mistake) for mistake in reading.mistakes] == ["a.toml:4: tag A: unti: unknown field; did you mean unit?"]
    assert reading.broken == [(TAG, "A")]
    assert list(tmp_path.iterdir()) == []


_PIECES = [
    "[[tag]]\n", 'name = "A"\n', "[tag.scale]\n", "raw = [1, nan]\n", "= \n", "\ud800", "x = 1e400\n", "remove = 5\n",
    "format = 1\n", "[[type]]\n", "[[type.tags]]\n", "remove = { tag = [{}] }\n", "y = -0.0\n", f"{'a.' * 300}b = 1\n",
    "d = 2000-01-01\n", "\0",
]  # fmt: skip
_files = st.dictionaries(
    st.sampled_from(["a.toml", "b/c.toml", "project.toml"]),
    st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)),
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(_files)
def test_whatever_the_files_hold_every_mistake_has_its_place(files: dict[str, str]) -> None:
    for mistake in read_all(files).mistakes:
        name, _, line = mistake.place.rpartition(":")
        assert name in files
        assert int(line) >= 1
        assert str(mistake).isprintable()


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=6), anything, max_size=3), objects(TAG))
def test_anything_in_an_object_is_read_or_refused_with_its_place(more: dict[str, Json], one: ConfigObject) -> None:
    try:
        text = "\n".join(entry("tag", {**one.body, **more}))
    except ValueError:
        return  # TOML has no null

    for mistake in read_all({"a.toml": text}).mistakes:
        assert mistake.place.startswith("a.toml:")
        assert str(mistake).isprintable()


def test_the_cache_makes_its_folder_and_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.project.files.cache._FILES_MAX", 2)
    folder = tmp_path / "data" / "cache"

    for version in range(4):
        lines = (f'[[tag]]\nname = "T{i}"\ndescription = "version {version}, padded to be worth keeping"\n' for i in range(100))
        read_files({"tags.toml": "".join(lines)}, folder)

    assert len(list(folder.iterdir())) == 2


def test_an_export_never_defines_an_object_twice_nor_overwrites_a_file_of_somebody(tmp_path: Path) -> None:
    write_folder(tmp_path, write_files([tag("A", area="one"), tag("B", area="two")]))
    (tmp_path / "mine.toml").write_text('# ours\n[[tag]]\nname = "A"\n')
    before = {file: file.read_text() for file in tmp_path.rglob("*.toml")}

    with pytest.raises(ConfigError, match=r"(?s)move or delete them first.*mine.toml:2: tag A"):
        write_folder(tmp_path, write_files([tag("A", area="one", description="new")]))
    assert {file: file.read_text() for file in tmp_path.rglob("*.toml")} == before

    (tmp_path / "mine.toml").write_text('[[tag]]\nname = "C"\n')
    (tmp_path / "tags" / "three.toml").write_text("# by hand\n")
    with pytest.raises(ConfigError, match=r"tags/three\.toml: the export would overwrite it"):
        write_folder(tmp_path, write_files([tag("D", area="three")]))
    (tmp_path / "tags" / "three.toml").unlink()
    write_folder(tmp_path, write_files([tag("D", area="three")]))
    assert (tmp_path / "mine.toml").exists()
