"""One validated, frozen settings object from a TOML file and the environment."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from automation.model.alarm import check_display
from automation.model.errors import ConfigError
from automation.model.keeping import HistoryPlan, KeepGroup, Keeping
from automation.notification_settings import Notifications

ENVIRONMENT_PREFIX = "AUTOMATION__"
_KIND_AT = 3  # in the place of a mistake within a channel

Port = Annotated[int, Field(ge=0, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no IANA time zone, such as Europe/Vienna") from error
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Site(_Section):
    """Which plant this is.

    id: part of the OPC UA namespace, never to be changed. data: folder of databases, keys and the guard's latch; relative to
    the working directory.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = "site"
    name: Annotated[str, Field(min_length=1, max_length=120)] = "Site"
    data: str = "var"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"


class Apps(_Section):
    """Which applications run. enabled: their names; simulate: start their simulators and let their links speak to those."""

    enabled: Annotated[tuple[str, ...], Field(strict=False)] = ()
    simulate: bool = False


class LinkOverride(_Section):
    """Where an application's link really is, in place of what the application declares; each kind of link has some of these."""

    host: str | None = None
    url: str | None = None
    serial_port: str | None = None
    port: Port | None = None
    unit_id: Annotated[int, Field(ge=0, le=255)] | None = None


class Web(_Section):
    """REST, Socket.IO and the HMI. certificate and key: PEM files; both or none."""

    host: str = "127.0.0.1"
    port: Port = 8080
    certificate: str | None = None
    key: str | None = None
    connections: Annotated[int, Field(ge=8, le=2000)] = 200


class OpcUa(_Section):
    """The embedded OPC UA server."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 4840
    publish_ms: Annotated[int, Field(ge=20, le=10_000)] = 100


class DatabaseUrls(_Section):
    """Where state and history are stored; empty means an SQLite file each in the data folder."""

    config: str = ""
    history: str = ""


_Word = Annotated[str, Field(min_length=1, max_length=64)]
_Keep = dict[Literal["raw", "10s", "1m", "10m", "1h", "1d"], Annotated[int, Field(ge=0, le=36_600)]]
"""Days by what is kept: raw samples, and rollups by their length; 0 or absent is for ever."""


def _by_name(keep: _Keep) -> dict[str, int]:
    return {str(name): days for name, days in keep.items()}


class HistoryGroup(_Section):
    """Tags that are kept in their own way. tags: names, * for any letters. keep: what differs from the other tags."""

    tags: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=128)], ...], Field(strict=False, min_length=1)]
    keep: _Keep


class PlainHistory(_Section):
    """Samples once more as plain rows, for other programs. keep_days: before today; 0: none. tags: names, * for any letters."""

    keep_days: Annotated[int, Field(ge=0, le=3_660)] = 0
    tags: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=128)], ...], Field(strict=False, min_length=1)] = ("*",)


class History(_Section):
    """The data logger.

    flush_ms: how long a sample waits in memory at most. mailbox: batches of samples that wait there before they go to disk.
    durability: sync brings every sample to the disk at once and through its caches, as a power cut needs it. spool_mb: disk space
    for samples that wait for the database. keep: days, after which samples and rollups are removed. groups: by name; the first
    that has a tag counts. archive: old samples go to Parquet files before they are removed, and answers read them there.
    """

    flush_ms: Annotated[int, Field(ge=10, le=60_000)] = 250
    mailbox: Annotated[int, Field(ge=100)] = 20_000
    durability: Literal["normal", "sync"] = "normal"
    spool_mb: Annotated[int, Field(ge=1, le=1_048_576)] = 256
    keep: _Keep = {}
    groups: dict[_Word, HistoryGroup] = {}
    archive: bool = False
    plain: PlainHistory = PlainHistory()

    @model_validator(mode="after")
    def _check_keeping(self) -> Self:
        try:
            _ = self.plan
        except ConfigError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def plan(self) -> HistoryPlan:
        """How long each tag is kept, and where else."""
        groups = [KeepGroup(name=name, tags=one.tags, days=_by_name(one.keep)) for name, one in self.groups.items()]
        keeping = Keeping(days=_by_name(self.keep), groups=groups)
        return HistoryPlan(keeping=keeping, archive=self.archive, plain_days=self.plain.keep_days, plain_tags=self.plain.tags)


class Queries(_Section):
    """How much one question to the history may ask for.

    points: values in the answer, of all tags. days: length of the range. samples: raw ones that are read for it. export_samples,
    export_seconds: the same for one file.
    """

    points: Annotated[int, Field(ge=1_000, le=10_000_000)] = 500_000
    days: Annotated[float, Field(gt=0, le=36_600)] = 3_660.0
    samples: Annotated[int, Field(ge=1_000)] = 5_000_000
    seconds: Annotated[float, Field(gt=0, le=600)] = 20.0
    export_samples: Annotated[int, Field(ge=1_000)] = 100_000_000
    export_seconds: Annotated[float, Field(gt=0, le=86_400)] = 1_800.0


class Security(_Section):
    """Logins."""

    token_minutes: Annotated[int, Field(ge=5, le=720)] = 60


class Push(_Section):
    """Socket.IO. period_ms: at most one message of changes per client and period."""

    period_ms: Annotated[int, Field(ge=20, le=10_000)] = 100


class Guard(_Section):
    """The guard process. heartbeat_ms: how long the runtime may be silent before the outputs go to safe."""

    heartbeat_ms: Annotated[int, Field(ge=200, le=60_000)] = 2000
    trip_on_runtime_loss: bool = False


class Process(_Section):
    """The interpreter.

    switch_interval_ms: the longest a Python thread keeps the others waiting. speed: plant seconds per real second.
    """

    switch_interval_ms: Annotated[float, Field(ge=0.05, le=100)] = 0.5
    speed: Annotated[float, Field(gt=0, le=1000)] = 1.0


class Project(_Section):
    """Configuration as code. folder: of the project files, for the command line; relative to the working directory."""

    folder: str = "project"


class Replay(_Section):
    """How much one replay of alarms may ask for: days of history, samples, minutes, and MiB of its process."""

    max_days: Annotated[float, Field(gt=0, le=366)] = 31.0
    max_samples: Annotated[int, Field(ge=1_000)] = 5_000_000
    max_minutes: Annotated[float, Field(gt=0, le=1_440)] = 30.0
    memory_mb: Annotated[int, Field(ge=256, le=65_536)] = 1_024


_Pair = Annotated[tuple[float, float], Field(strict=False)]
_Count = Annotated[int, Field(ge=1, le=1_000_000)]
_Share = Annotated[float, Field(gt=0, le=1)]
_Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=128)], ...], Field(max_length=100, strict=False)]


class AlarmTargets(_Section):
    """When an alarm system is good, as the analytics of alarms judge it; pairs are what is aimed at and what is tolerated.

    per_10_min, per_hour, per_day: announced alarms. busy_10_min, busy_hour: how many a period must exceed to be busy. busy_share,
    flood_share, top_share: parts of 1. flood_opens_above, flood_closes_below: alarms within the last 600 s. chatter_count within
    chatter_s make an alarm chatter; one shorter than fleeting_s, s, is fleeting; one active longer than stale_s, s, is stale.
    stale (on any day), standing, shelved: how many are too many. priorities: the part of all that priorities 1, 2, 3 and 4 should
    have. shelve_grace_s: so long a shelf may outlive its time. after_upset: alarms in the ten minutes from an upset of the plant:
    a row of the journal of one of the kinds upset_events, or the raise of one of the alarms upset_alarms. judge_days: a judgement
    needs records of so many days.
    """

    per_10_min: _Pair = (1.0, 2.0)
    per_hour: _Pair = (6.0, 12.0)
    per_day: _Pair = (150.0, 300.0)
    busy_10_min: _Count = 10
    busy_hour: _Count = 30
    busy_share: _Share = 0.01
    peak_10_min: _Count = 10
    flood_opens_above: _Count = 10
    flood_closes_below: _Count = 5
    flood_share: _Share = 0.01
    top_share: _Pair = (0.01, 0.05)
    chatter_count: Annotated[int, Field(ge=2, le=1000)] = 3
    chatter_s: Seconds = 60.0
    fleeting_s: Seconds = 10.0
    stale_s: Annotated[float, Field(gt=0, le=31_622_400)] = 86_400.0
    stale: _Count = 5
    standing: Annotated[float, Field(gt=0)] = 10.0
    shelved: Annotated[float, Field(gt=0)] = 30.0
    priorities: Annotated[tuple[_Share, _Share, _Share, _Share], Field(strict=False)] = (0.01, 0.05, 0.15, 0.80)
    shelve_grace_s: Seconds = 60.0
    after_upset: _Pair = (10.0, 20.0)
    upset_events: _Names = ("estop.latched",)
    upset_alarms: _Names = ()
    judge_days: Annotated[float, Field(gt=0, le=366)] = 30.0


class Journal(_Section):
    """The journal. keep_days: older rows are removed, those of users and configuration too; 0 keeps all."""

    keep_days: Annotated[int, Field(ge=0, le=36_600)] = 0


class AlarmClassSetting(_Section):
    """A class of alarms, which are managed alike.

    shelvable: operators may shelve them, and engineers suppress them. max_shelve_s: for how long, s; by priority if absent.
    ack_permission: a permission, such as ``configure``, that acknowledging needs beyond the usual one.
    """

    description: Annotated[str, Field(max_length=500)] = ""
    shelvable: bool = True
    max_shelve_s: Annotated[float, Field(gt=0, le=2_678_400)] | None = None
    ack_permission: Annotated[str, Field(max_length=64)] = ""


def _display(text: str) -> str:
    try:
        check_display("", text)
    except ConfigError as error:
        raise ValueError("expected a path of the HMI such as '/overview', or a name of a display") from error
    return text


class GuidanceSetting(_Section):
    """What operators read of every alarm of an area that says nothing else. response_s: the time that they have, s."""

    consequence: Annotated[str, Field(max_length=1000)] = ""
    cause: Annotated[str, Field(max_length=1000)] = ""
    action: Annotated[str, Field(max_length=1000)] = ""
    response_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    display: Annotated[str, AfterValidator(_display)] = ""


def _area(path: str) -> str:
    if not all(part.strip() == part != "" for part in path.split("/")):
        raise ValueError("expected the path of an area, such as 'station/pumps'")
    return path


_ClassName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.\- ]{0,127}$")]
_AreaPath = Annotated[str, Field(max_length=200), AfterValidator(_area)]


class LogbookSettings(_Section):
    """The log book of operators. categories: what an entry may be. shifts: when each begins at the site, such as 06:00."""

    categories: Annotated[tuple[_Word, ...], Field(strict=False, min_length=1, max_length=50)] = (
        "note",
        "handover",
        "disturbance",
        "maintenance",
        "quality",
        "safety",
    )
    shifts: dict[_Word, Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]] = {}


class Alarms(_Section):
    """Alarms. targets: of their analytics. classes: by name. guidance: by path of an area, for all that lies below it too."""

    targets: AlarmTargets = AlarmTargets()
    classes: dict[_ClassName, AlarmClassSetting] = {}
    guidance: dict[_AreaPath, GuidanceSetting] = {}


class BackupPlan(_Section):
    """Backups. folder: where they are, ``backups`` in the data folder if empty. keep: how many; the oldest beyond are removed.

    at: every day at this time of the site's zone, such as 02:30; empty: only by hand.
    """

    folder: str = ""
    at: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] = ""
    keep: Annotated[int, Field(ge=1, le=1000)] = 7


class Acquisition(_Section):
    """Which part of a shared configuration this runtime runs; tags that name another one are left out, those without run.

    manufacturer, segment: as the tags have them; empty lets every one through.
    """

    manufacturer: Annotated[str, Field(max_length=128)] = ""
    segment: Annotated[str, Field(max_length=128)] = ""


class Log(_Section):
    """Diagnostics text on standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["text", "json"] = "text"


class Settings(_Section):
    """All of it. links: overrides by link name."""

    site: Site = Site()
    apps: Apps = Apps()
    links: dict[str, LinkOverride] = {}
    web: Web = Web()
    opcua: OpcUa = OpcUa()
    database: DatabaseUrls = DatabaseUrls()
    history: History = History()
    queries: Queries = Queries()
    security: Security = Security()
    push: Push = Push()
    guard: Guard = Guard()
    process: Process = Process()
    project: Project = Project()
    replay: Replay = Replay()
    acquisition: Acquisition = Acquisition()
    journal: Journal = Journal()
    backup: BackupPlan = BackupPlan()
    alarms: Alarms = Alarms()
    logbook: LogbookSettings = LogbookSettings()
    log: Log = Log()
    notifications: Notifications = Notifications()

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.site.data)

    @property
    def history_archive(self) -> str:
        """The folder of old samples, empty if there is none."""
        return str(self.data / "archive") if self.history.archive else ""

    @property
    def backup_folder(self) -> Path:
        """Where backups are."""
        return Path(self.backup.folder) if self.backup.folder else self.data / "backups"

    @property
    def config_url(self) -> str:
        """Address of the database of configuration, alarms, journal and users."""
        return self.database.config or f"sqlite:///{self.data.resolve() / 'config.db'}"

    @property
    def history_url(self) -> str:
        """Address of the database of the history."""
        return self.database.history or f"sqlite:///{self.data.resolve() / 'history.db'}"


def load(path: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the file, overridden by ``AUTOMATION__SECTION__KEY`` variables.

    Raises ``ConfigError`` that lists every mistake with file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"settings {path}: cannot be read: {error}") from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"settings {path}: not valid TOML: {error}") from error
    names = _override(tree, os.environ if environment is None else environment)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        lines = [_explain(dict(e), path, text, names) for e in error.errors()]
        raise ConfigError("\n".join(lines)) from error
    found = [(("notifications", *place), words) for place, words in settings.notifications.mistakes()]
    if found:
        raise ConfigError("\n".join(f"{_where(place, path, text, names)}: {_dotted(place)}: {words}" for place, words in found))
    return settings


def _override(tree: dict[str, Any], environment: Mapping[str, str]) -> Mapping[tuple[str, ...], str]:
    names: dict[tuple[str, ...], str] = {}
    for variable, raw in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        place = tuple(variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"))
        node = tree
        for part in place[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise ConfigError(f"environment {variable}: {part} is not a section")
        node[place[-1]] = _parse(raw)
        names[place] = variable
    return names


def _parse(raw: str) -> Any:
    """The value as TOML would read it; text that is no TOML value stands for itself."""
    try:
        return tomllib.loads(f"x = {raw}")["x"]
    except tomllib.TOMLDecodeError:
        return raw


def _explain(error: Mapping[str, Any], path: Path, text: str, names: Mapping[tuple[str, ...], str]) -> str:
    found = tuple(str(part) for part in error["loc"])
    place = _without_kind(found)
    where = _where(place, path, text, names)
    dotted = _dotted(place)
    if error["type"] == "extra_forbidden":
        return f"{where}: {dotted}: unknown key{_suggestion(found)}"
    return f"{where}: {dotted}: {error['msg']} (got {error['input']!r:.60})"


def _without_kind(place: tuple[str, ...]) -> tuple[str, ...]:
    """The place as it is written: of a channel the library also names the kind."""
    inside = place[:2] == ("notifications", "channels") and len(place) > _KIND_AT
    return (*place[:_KIND_AT], *place[_KIND_AT + 1 :]) if inside else place


def _where(place: tuple[str, ...], path: Path, text: str, names: Mapping[tuple[str, ...], str]) -> str:
    return names.get(place) or f"{path}:{_line(text, place)}"


def _dotted(place: tuple[str, ...]) -> str:
    return ".".join(place)


class _Headers:
    """Where the headers of a TOML file lead; each ``[[...]]`` begins the next of its array."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, ...], int] = {}

    def section(self, text: str, *, array: bool) -> tuple[str, ...]:
        """The section that a header with this text begins, with the numbers of arrays in it."""
        section: tuple[str, ...] = ()
        parts = [part.strip().strip('"') for part in text.split(".")]
        for depth, part in enumerate(parts):
            section = (*section, part)
            if array and depth == len(parts) - 1:
                self._arrays[section] = self._arrays.get(section, -1) + 1
            if section in self._arrays:
                section = (*section, str(self._arrays[section]))
        return section


def _line(text: str, place: tuple[str, ...]) -> int:
    """Line of the key, or of its section, or 1."""
    section: tuple[str, ...] = ()
    best = 1
    headers = _Headers()
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*(\[+)([^\]]+)\]", line)
        if header:
            section = headers.section(header[2], array=len(header[1]) > 1)
            if place[: len(section)] == section:
                best = number
            continue
        key = re.match(r"\s*([A-Za-z0-9_\-\".]+)\s*=", line)
        if key and (*section, *key[1].replace('"', "").split(".")) == place[: len(section) + 1]:
            return number
    return best


def _suggestion(place: tuple[str, ...]) -> str:
    known = _known(place[:-1])
    close = difflib.get_close_matches(place[-1], known, 1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(known)}"


def _known(section: tuple[str, ...]) -> list[str]:
    model: Any = Settings
    for part in section:
        model = _plain(model)
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = model.model_fields[part].annotation
        elif get_origin(model) is dict:
            model = get_args(model)[1]
        elif get_origin(model) is tuple:
            model = get_args(model)[0]
        else:  # one of several kinds
            model = next((one for one in get_args(model) if _is_kind(one, part)), None)
    model = _plain(model)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [field.alias or name for name, field in model.model_fields.items()]
    return []


def _plain(model: Any) -> Any:
    """The type without its annotations, and without None."""
    model = get_args(model)[0] if get_origin(model) is Annotated else model
    rest = [one for one in get_args(model) if one is not type(None)]
    return rest[0] if len(rest) == 1 and type(None) in get_args(model) else model


def _is_kind(model: Any, kind: str) -> bool:
    field = model.model_fields.get("kind") if isinstance(model, type) and issubclass(model, BaseModel) else None
    return field is not None and kind in get_args(field.annotation)
