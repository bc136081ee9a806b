"""The difference between two bodies, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from automation.model.configuration import Body, Json

_MISSING = object()


def differences(old: Body | None, new: Body | None) -> Mapping[str, tuple[Json, Json]]:
    """Old and new by dotted field, where they differ; None for a field that is not there. Lists are compared as a whole."""
    return dict(_differences("", old or {}, new or {}))


def _differences(prefix: str, old: Body, new: Body) -> Iterator[tuple[str, tuple[Json, Json]]]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, _MISSING), new.get(name, _MISSING)
        if before == after and type(before) is type(after):
            continue
        if isinstance(before, Mapping) or isinstance(after, Mapping):
            below = [part if isinstance(part, Mapping) else {} for part in (before, after)]
            if all(isinstance(part, Mapping) or part is _MISSING for part in (before, after)):
                yield from _differences(f"{prefix}{name}.", below[0], below[1])
                continue
        yield f"{prefix}{name}", (_plain(before), _plain(after))


def _plain(value: object) -> Json:
    return None if value is _MISSING else value  # type: ignore[return-value]
