"""Positions: the line of every key, however it is written."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from automation.project.files.positions import lines_of, nearest_line, object_lines
from automation.project.files.toml import entry
from tests.project.bodies import projects

TRICKY = '''# first
a.b = 1
"q\\"u.\\u0078" = "x"   # hi
m = """
[[tag]]
x = 5 "" \\""" """"
n = \'\'\'
]\'\'\'
d = 1979-05-27 07:32:00
arr = [ 1, # c
  {x = 1, y.z = [2,
   3]},
  "a]", ]
[[tag]]
name = "A"
scale = { raw = [1,2], eng = [
  3] }
[tag.meta]
k = 1
[[tag.sub]]
[[tag.sub]]
z = 1
[[ tag ]]
[[tag.sub]]
z = 2'''


def paths(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, value in inner for found in paths(value, (*path, key)))]


def test_keys_are_found_in_arrays_of_tables_inline_tables_and_after_texts_of_several_lines() -> None:
    lines = lines_of(TRICKY)

    assert lines[("a", "b")] == 2
    assert lines[('q"u.x',)] == 3
    assert lines[("n",)] == 7
    assert lines[("d",)] == 9
    assert lines[("arr", 1, "y", "z", 1)] == 12
    assert lines[("tag", 0)] == 14
    assert lines[("tag", 0, "scale", "eng", 0)] == 17
    assert lines[("tag", 0, "meta", "k")] == 19
    assert lines[("tag", 0, "sub", 1, "z")] == 22
    assert lines[("tag", 1, "sub", 0, "z")] == 25


def test_every_path_of_the_content_has_a_line_of_its_own_or_is_in_one() -> None:
    content = tomllib.loads(TRICKY)
    lines = lines_of(TRICKY)

    ends = [path for path in paths(content) if path and not isinstance(path[-1], int)]
    assert [path for path in ends if path not in lines and path not in [("tag",), ("tag", 0, "sub"), ("tag", 1, "sub")]] == []


def test_a_path_that_is_not_there_is_where_it_would_be() -> None:
    assert nearest_line(lines_of(TRICKY), ("tag", 0, "scale", "curve")) == 16
    assert nearest_line(lines_of(TRICKY), ("nothing",)) == 1


def test_the_quick_way_is_not_led_astray() -> None:
    plain = '[[tag]]\nname = "A"\n  [[tag]]\n[[ alarm ]]\n[[tag.sub]]\n[[tag]]\n'
    quoted = '[["tag"]]\nname = "A"\n'
    inline = 'x = """\n[[tag]]\n"""\ntag = [\n{name = "A"}]\n'

    assert object_lines(plain, {"tag": 3, "alarm": 1}) == {("tag", 0): 1, ("tag", 1): 3, ("alarm", 0): 4, ("tag", 2): 6}
    assert object_lines(quoted, {"tag": 1})[("tag", 0)] == 1
    assert object_lines(inline, {"tag": 1})[("tag", 0)] == 5


@settings(max_examples=20, deadline=None)
@given(projects())
def test_both_ways_find_the_same_lines_in_what_is_written(objects: list[Any]) -> None:
    text = "\n".join(line for one in objects for line in (*entry(one.kind.value, one.body), ""))
    counts = {kind: len(entries) for kind, entries in tomllib.loads(text).items()}

    every = lines_of(text)

    assert object_lines(text, counts).items() <= every.items()
    for path in paths(tomllib.loads(text)):
        assert nearest_line(every, path) <= text.count("\n") + 1


_pieces = st.sampled_from(
    [
        "[[tag]]\n", "[tag.a]\n", "x = 1\n", "y = '''\n[[tag]]\n'''\n", 'z = """a\\"""" \n', "a.b = {c = [1, {d = 2}]}\n",
        "# [[tag]]\n", "w = [\n1,\n[2, # ]\n3]]\n", '"k y" = "[[tag]]"\n', "\r\n", "v = ''\n", "u = [ ]\n", "t = { }\n",
        "s = 07:32:00\n", "[b]\n",
    ]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(_pieces, max_size=8).map("".join))
def test_every_text_that_the_parser_takes_has_its_lines(text: str) -> None:
    text = text.replace("\r\n", "\n")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return

    lines = lines_of(text)

    for path in paths(content):
        if path and isinstance(path[-1], str) and not isinstance(_at(content, path), list):
            assert path in lines or any(found[: len(path)] == path for found in lines)


def _at(node: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        node = node[part]
    return node
