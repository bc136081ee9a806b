"""What a project's files want to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from automation.model.configuration import ConfigObject, Key


@dataclass(frozen=True, kw_only=True)
class Desired:
    """Objects of a project. removed: of applications, that shall not run. places: ``file:line`` of all of them."""

    objects: Mapping[Key, ConfigObject] = field(default_factory=dict)
    places: Mapping[Key, str] = field(default_factory=dict)
    removed: frozenset[Key] = frozenset()
