"""The machine: states as methods, ports as annotations, commands as methods that a state takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar, get_type_hints

from automation.model.errors import AutomationError, ConfigError
from automation.model.output import Output
from automation.model.tag import NAME_PATTERN
from automation.observers.machines.port import In, Out, OutputsPort, Readings

M = TypeVar("M", bound="Machine")
T = TypeVar("T")
Handler = Callable[[Any], "State | None"]

FAULT = "fault"
RESET = "reset"


def _first_line(documented: object) -> str:
    return (documented.__doc__ or "").strip().partition("\n")[0]


class State:
    """One state of a machine class: the method that runs once per cycle while the machine is in it.

    timeout_s: longest stay, None for no limit; longer is a fault. description: the method's docstring, first line.
    """

    def __init__(self, run: Handler, timeout_s: float | None) -> None:
        self.run = run
        self.name: str = run.__name__
        self.timeout_s = timeout_s
        self.description = _first_line(run)

    def __repr__(self) -> str:
        return f"<state {self.name}>"


class Command:
    """One command of a machine class. from_states: names of the states that take it, empty for all but ``fault``."""

    def __init__(self, run: Handler, from_states: frozenset[str], label: str) -> None:
        self.run = run
        self.name: str = run.__name__
        self.from_states = from_states
        self.label = label or self.name.replace("_", " ").capitalize()
        self.description = _first_line(run)

    def __repr__(self) -> str:
        return f"<command {self.name}>"

    def taken_by(self, state: State) -> bool:
        """True if the command may be given in the state; ``fault`` is left by ``reset`` alone."""
        if state.name == FAULT:
            return self.name == RESET
        return not self.from_states or state.name in self.from_states


def state(*, timeout_s: float | None = None) -> Callable[[Callable[[M], State | None]], State]:
    """Make the method a state: it runs once per cycle and returns the next state, or None to stay.

    timeout_s: longest stay; longer is a fault. Raises ``ConfigError`` if it is not positive.
    """
    if timeout_s is not None and not timeout_s > 0:
        raise ConfigError(f"state: timeout_s {timeout_s}: must be positive")
    return lambda run: State(run, timeout_s)


def command(*from_states: State | str, label: str = "") -> Callable[[Callable[[M], State | None]], Command]:
    """Make the method a command that the given states take (all but ``fault`` if none is given).

    The method runs once, in the machine's own thread, and returns the next state or None. It may raise a ``CommandError`` to
    refuse. label: text of the button, by default the method's name.
    """
    names = frozenset(given if isinstance(given, str) else given.name for given in from_states)
    return lambda run: Command(run, names, label)


class Machine:
    """A state machine of the plant; subclasses declare ports as annotations, and states and commands as methods.

    name: as in REST. tags: the tag's name of each port. A subclass sets ``initial``, and ``period_s``, the length of a cycle.
    Made as a declaration; a manager runs a copy of its own. A state that reads a BAD port, stays longer than its timeout or
    fails leads to ``fault``, which puts the machine's outputs to safe and is left by the command ``reset`` alone. Raises
    ``ConfigError`` naming machine and port.
    """

    initial: ClassVar[State]
    period_s: ClassVar[float] = 0.1
    _states: ClassVar[Mapping[str, State]] = {}
    _commands: ClassVar[Mapping[str, Command]] = {}

    def __init__(self, name: str, *, description: str = "", area: str = "", **tags: str) -> None:
        if not NAME_PATTERN.fullmatch(name):
            raise ConfigError(f"machine {name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        if not 0.01 <= self.period_s <= 3600:  # noqa: PLR2004
            raise ConfigError(f"machine {name}: period_s {self.period_s}: must be 0.01 to 3600 s")
        if not hasattr(type(self), "initial"):
            raise ConfigError(f"machine {name}: {type(self).__name__} declares no initial state")
        self.name = name
        self.describe(description, area)
        self.now = 0.0
        self.since = 0.0
        self.entered = False
        self._ports = self._make_ports(tags)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        found = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
        cls._states = _last(
            FAULT, {name: value for name, value in found.items() if isinstance(value, State) and name != "initial"}
        )
        cls._commands = _last(RESET, {name: value for name, value in found.items() if isinstance(value, Command)})
        for given in cls._commands.values():
            unknown = given.from_states - cls._states.keys()
            if unknown:
                raise ConfigError(f"{cls.__name__}: command {given.name}: unknown state {sorted(unknown)[0]}")

    @state()
    def fault(self) -> State | None:
        """Outputs safe until an operator resets the machine."""
        self.put_safe()
        return None

    @command(fault, label="Reset")
    def reset(self) -> State | None:
        """Start over."""
        return self.initial

    @classmethod
    def declared_ports(cls) -> Mapping[str, type[In]]:
        """The ports of the class, in the order of their declaration. Raises ``ConfigError``."""
        return _declared_ports(cls)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the present state was entered."""
        return self.now - self.since

    @property
    def ports(self) -> Sequence[In]:
        """All ports, in the order of their declaration."""
        return tuple(self._ports.values())

    @property
    def states(self) -> Mapping[str, State]:
        """All states by name, in the order of their declaration."""
        return self._states

    @property
    def commands(self) -> Mapping[str, Command]:
        """All commands by name, in the order of their declaration."""
        return self._commands

    def like(self, other: Machine) -> bool:
        """True if the other is of the same class with its ports bound to the same tags, so that only texts differ."""
        same = [(port.name, port.tag_name) for port in self.ports] == [(port.name, port.tag_name) for port in other.ports]
        return type(self) is type(other) and same

    def describe(self, description: str, area: str) -> None:
        """Have these texts; the class's own description if it is empty."""
        self.description = description or _first_line(type(self))
        self.area = area

    def connect(self, cvt: Readings, outputs: OutputsPort) -> None:
        """Make the ports live; called once by the manager on its copy.

        Raises ``ConfigError`` or ``UnknownTagError`` naming machine, port and tag.
        """
        for port in self._ports.values():
            port.connect(cvt, outputs, self.name)

    def begin_cycle(self, now: float) -> None:
        """Tell the machine and its ports what time it is; called by the manager before each cycle."""
        self.now = now
        for port in self._ports.values():
            if isinstance(port, Out):
                port.now = now

    def put_safe(self) -> None:
        """Put every output of the machine to its safe value; one that fails does not keep the others from it.

        Raises the first failure, after all were tried.
        """
        failures: list[AutomationError] = []
        for port in self._ports.values():
            if isinstance(port, Out) and isinstance(port.tag, Output):
                try:
                    port.put(port.tag.safe)
                except AutomationError as error:
                    failures.append(error)
        if failures:
            raise failures[0]

    def forget_puts(self) -> None:
        """Have every port send its next put whatever it is; called when the machine leaves or enters ``fault``."""
        for port in self._ports.values():
            if isinstance(port, Out):
                port.forget()

    def _make_ports(self, tags: Mapping[str, str]) -> dict[str, In]:
        ports = {name: kind(name, tags[name]) for name, kind in _declared_ports(type(self)).items() if name in tags}
        for name in _declared_ports(type(self)):
            if name not in tags:
                raise ConfigError(f"machine {self.name}: port {name} is not bound to a tag")
        unknown = [name for name in tags if name not in ports]
        if unknown:
            raise ConfigError(f"machine {self.name}: {type(self).__name__} has no port {unknown[0]}")
        for name, port in ports.items():
            setattr(self, name, port)
        return ports


def _last(name: str, found: dict[str, T]) -> Mapping[str, T]:
    found[name] = found.pop(name)
    return found


def _declared_ports(cls: type[Machine]) -> Mapping[str, type[In]]:
    try:
        hints = get_type_hints(cls)
    except NameError as error:
        raise ConfigError(f"{cls.__name__}: annotation {error.name} is not known at run time; import it plainly") from error
    return {name: hint for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, In)}
