"""The public names: all there, listed once, and loaded only when used."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import automation


def test_every_public_name_can_be_imported() -> None:
    for name in automation.__all__:
        assert getattr(automation, name) is not None


def test_the_names_are_sorted_and_listed_once() -> None:
    assert list(automation.__all__) == sorted(set(automation.__all__))
    assert dir(automation) == sorted(automation.__all__)


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(automation.__file__).read_text(encoding="utf-8"))
    seen = {
        (alias.name, statement.module)
        for node in tree.body
        if isinstance(node, ast.If)
        for statement in node.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }

    assert {name for name, _ in seen} == set(automation.__all__)
    for name, module in seen:
        assert getattr(importlib.import_module(str(module)), name) is getattr(automation, name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'automation' has no attribute 'Nothing'"):
        _ = automation.Nothing


def test_declaring_tags_loads_neither_servers_nor_databases() -> None:
    code = (
        "import sys; from automation import AlarmDefinition, Output, Scale, Tag; "
        "heavy = {'sqlalchemy', 'flask', 'asyncua', 'pymodbus', 'pydantic'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=20)

    assert done.returncode == 0, done.stderr
