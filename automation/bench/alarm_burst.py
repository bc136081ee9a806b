"""The bench of a burst of alarms: how long the REST interface of a running runtime takes to answer meanwhile."""

from __future__ import annotations

import http.client
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeAlias

from automation.bench.live import LiveClient
from automation.bench.process import HOST, USER, RuntimeProcess, free_port
from automation.client import Client, ProjectClient
from automation.model.errors import ConfigError
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker

Json: TypeAlias = dict[str, Any]

ALARMS, STEPS, EARLIER = 1_000, 10, 200
SPAN_S = 1.0
_LIVE = 5
_PERIOD_S = 0.1
_PAGE, _ROWS_MAX = 200, 1_000
_READY_S, _ANSWER_S, _DONE_S, _SETTLE_S, _POLL_S = 60.0, 10.0, 30.0, 2.0, 0.05
_OK = 200


def answers_ms() -> Sequence[float]:
    """Milliseconds from each request to its answer, from the first of a thousand alarms until the last one is journalled.

    Raises ``ConfigError`` if the runtime does not start, an answer is no success, or a row is missing or not in its place.
    """
    with ExitStack() as stack:
        runtime = stack.enter_context(_site())
        token = runtime.token()
        for number in range(_LIVE):
            client = stack.enter_context(LiveClient(HOST, runtime.port, token))
            _listen(stack, f"live-{number}", client)
        plant = stack.enter_context(_Person(runtime.port, token))
        plant.call("PUT", "/tags/EARLIER/value", {"value": 1.0})
        _wait_active(plant, EARLIER)
        threading.Event().wait(_SETTLE_S)
        took = _burst(plant, [stack.enter_context(kind(runtime.port, token)) for kind in (_Lister, _Reader, _Acknowledger)])
        _check_rows(plant)
        return took


@contextmanager
def _site() -> Iterator[RuntimeProcess]:
    """A runtime with the tags and alarms of the bench; its OPC UA server is on."""
    with tempfile.TemporaryDirectory(prefix="automation-bench-") as name:
        folder, port = Path(name), free_port()
        config = folder / "bench.toml"
        config.write_text(
            f'site = {{ id = "bench", name = "Bench", data = "{folder / "data"}" }}\n'
            f'web = {{ host = "{HOST}", port = {port} }}\nopcua = {{ port = {free_port()} }}\nlog = {{ level = "WARNING" }}\n'
        )
        with RuntimeProcess(["run", "--config", str(config)], port, folder) as runtime:
            runtime.wait_started(_READY_S)
            client = Client(f"http://{HOST}:{port}", timeout_s=_READY_S)
            client.login(USER, runtime.password)
            ProjectClient(client).apply({"bench.toml": _project()})
            yield runtime


def _project() -> str:
    """A thousand tags, a tenth of which follows each step, some that follow EARLIER, and an alarm for each of them."""
    switches = [_step(number) for number in range(STEPS)]
    lines = [f'[[tag]]\nname = "{name}"\ninitial = 0.0\nwritable = true' for name in (*switches, "EARLIER")]
    follow = [(f"T{i:04d}", f"{switches[i % STEPS]} * 1", i) for i in range(ALARMS)]
    follow += [(f"E{i:04d}", "EARLIER * 1", i) for i in range(EARLIER)]
    for name, expression, i in follow:
        lines.append(f'[[tag]]\nname = "{name}"\nexpression = "{expression}"\narea = "plant/unit{i % 40}"')
        lines.append(f'[[alarm]]\nname = "{name}.H"\ntag = "{name}"\npriority = {i % 4 + 1}')
        lines.append('condition = { kind = "high", limit = 0.5 }')
    return "\n".join(lines) + "\n"


def _step(number: int) -> str:
    return f"STEP{number}"


class _Person:
    """Somebody with a connection of their own, kept open from call to call. took: milliseconds, call by call."""

    def __init__(self, port: int, token: str) -> None:
        self.took: list[float] = []
        self._connection = http.client.HTTPConnection(HOST, port, timeout=_ANSWER_S)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Json:
        """The answer; how long it took is noted. Raises ``ConfigError`` if it is no success."""
        data = None if body is None else json.dumps(body)
        watch = Stopwatch()
        self._connection.request(method, f"/api{path}", data, self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        self.took.append(watch.elapsed_s() * 1000)
        if response.status != _OK:
            raise ConfigError(f"{method} {path}: status {response.status}: {answer[:300]!r}")
        found: Json = json.loads(answer)
        return found

    def turn(self) -> bool:
        """Do one's work once; True when everything that is awaited was seen."""
        raise NotImplementedError


class _Lister(_Person):
    """Looks at all alarms."""

    def turn(self) -> bool:
        return bool(self.call("GET", "/alarms")["counts"]["active"] == ALARMS + EARLIER)


class _Reader(_Person):
    """Looks at the newest page of the journal."""

    def turn(self) -> bool:
        self.call("GET", f"/alarms/journal?limit={_PAGE}")
        return False


class _Acknowledger(_Person):
    """Acknowledges the earlier alarms one by one, then comments on the first."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port, token)
        self._names = [f"E{i:04d}.H" for i in range(EARLIER)]

    def turn(self) -> bool:
        if self._names:
            self.call("POST", f"/alarms/{self._names.pop()}/acknowledge", {"comment": "seen"})
        else:
            self.call("POST", "/alarms/E0000.H/comment", {"comment": "looked after"})
        return False


def _burst(plant: _Person, people: Sequence[_Person]) -> Sequence[float]:
    """Raise the alarms step by step within a second while people work; how long their answers took."""
    done = threading.Event()

    def work(person: _Person) -> None:
        try:
            due = Stopwatch()
            for number in count():
                done.wait(max(0.0, number * _PERIOD_S - due.elapsed_s()))
                if done.is_set() or person.turn():
                    break
        finally:
            done.set()

    with ThreadPoolExecutor(len(people)) as pool:
        working = [pool.submit(work, person) for person in people]
        watch = Stopwatch()
        for step in range(STEPS):
            threading.Event().wait(max(0.0, step * SPAN_S / STEPS - watch.elapsed_s()))
            plant.call("PUT", f"/tags/{_step(step)}/value", {"value": 1.0})
        seen = done.wait(_DONE_S)
        done.set()
        for one in working:
            one.result()
    if not seen:
        raise ConfigError(f"the burst was not over within {_DONE_S:.0f} s")
    return [took for person in people for took in person.took]


def _wait_active(person: _Person, count: int) -> None:
    watch = Stopwatch()
    while person.call("GET", "/alarms")["counts"]["active"] != count:
        if watch.elapsed_s() > _DONE_S:
            raise ConfigError(f"{count} alarms were not raised within {_DONE_S:.0f} s")
        threading.Event().wait(_POLL_S)


def _check_rows(person: _Person) -> None:
    """Raise ``ConfigError`` unless every alarm of the burst has one row, and the rows are in the order of time."""
    page = person.call("GET", f"/alarms/journal?event=raised&limit={_ROWS_MAX}")
    rows = [row for row in page["items"] if row["alarm"].startswith("T")]  # newest first
    times = [row["time"] for row in reversed(rows)]
    if len(rows) != ALARMS or len({row["alarm"] for row in rows}) != ALARMS:
        raise ConfigError(f"the journal has {len(rows)} rows of the {ALARMS} alarms")
    if times != sorted(times):
        raise ConfigError("the rows of the journal are not in the order of their times")


def _listen(stack: ExitStack, name: str, client: LiveClient) -> None:
    """Have a thread take what the live feed tells, until the stack is left."""

    def step(_now: float) -> None:
        client.receive(0.5)

    worker = Worker(name, step, 0.001, RealClock(), expected=(ConfigError,))
    stack.callback(worker.stop)
    worker.start()
