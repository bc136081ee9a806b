"""Settings of notifications: channels, rosters and rules, and what does not fit together in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from automation.model.notification import template_mistake

Place: TypeAlias = tuple[str, ...]
Found: TypeAlias = Iterator[tuple[Place, str]]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
TimeOfDay = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Variable = Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")]
Timeout = Annotated[float, Field(ge=0.1, le=60)]
Delay = Annotated[float, Field(ge=0, le=604_800)]
PriorityNumber = Annotated[int, Field(ge=1, le=5)]
PRIORITIES = (1, 2, 3, 4)
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SmtpChannel(_Section):
    """Mail, one to each person. password_env: variable that holds the user's password. ca_file: PEM of who is trusted alone."""

    kind: Literal["smtp"]
    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    sender: str
    user: str = ""
    password_env: Variable = ""
    ca_file: str = ""
    timeout_s: Timeout = 10.0

    def mistakes(self) -> Found:
        """What does not fit together."""
        if not is_mail_address(self.sender):
            yield ("sender",), "no mail address"
        if bool(self.user) != bool(self.password_env):
            yield ("user",), "user and password_env belong together; one of them is missing"
        if self.user and self.security == "none" and self.host not in _LOOPBACK:
            yield ("security",), "a password would go over the network in clear; use starttls or tls"

    def variables(self) -> Mapping[Place, str]:
        """The environment variables that are needed, by their place."""
        return {("password_env",): self.password_env} if self.password_env else {}


class _Posted(_Section):
    """What channels over HTTP share. url_env: variable that holds the address, where it is a secret itself."""

    url: str = ""
    url_env: Variable = ""
    ca_file: str = ""
    timeout_s: Timeout = 10.0

    def mistakes(self) -> Found:
        """What does not fit together."""
        if bool(self.url) == bool(self.url_env):
            yield ("url",), "either url or url_env says where to post to"
        elif self.url and (wrong := url_mistake(self.url)):
            yield ("url",), wrong

    def variables(self) -> Mapping[Place, str]:
        """The environment variables that are needed, by their place."""
        return {("url_env",): self.url_env} if self.url_env else {}


class WebhookChannel(_Posted):
    """A JSON object, posted. headers_env: headers whose values are in variables. secret_env: signs the body (HMAC-SHA-256)."""

    kind: Literal["webhook"]
    headers: dict[str, str] = {}
    headers_env: dict[str, Variable] = {}
    secret_env: Variable = ""

    def mistakes(self) -> Found:
        """What does not fit together."""
        yield from super().mistakes()
        for place, headers in (("headers", self.headers), ("headers_env", self.headers_env)):
            for name, value in headers.items():
                if not _HEADER.fullmatch(name) or not value.isprintable() or not value:
                    yield (place, name), "no header"

    def variables(self) -> Mapping[Place, str]:
        """The environment variables that are needed, by their place."""
        secret: dict[Place, str] = {("secret_env",): self.secret_env} if self.secret_env else {}
        headers: dict[Place, str] = {("headers_env", name): value for name, value in self.headers_env.items()}
        return {**super().variables(), **secret, **headers}


class SlackChannel(_Posted):
    """An incoming webhook as Slack, Mattermost and others have them."""

    kind: Literal["slack"]


Channel: TypeAlias = Annotated[SmtpChannel | WebhookChannel | SlackChannel, Field(discriminator="kind")]


class ShiftSetting(_Section):
    """A part of the week in the site's time zone; where ``to`` is not after ``from`` it ends on the next day."""

    days: Annotated[tuple[Day, ...], Field(strict=False, min_length=1)] = DAYS
    start: TimeOfDay = Field("00:00", alias="from")
    end: TimeOfDay = Field("24:00", alias="to")

    def mistakes(self) -> Found:
        """What does not fit together."""
        if self.start == "24:00":
            yield ("from",), "24:00 is an end; write 00:00 of the next day"


class PersonSetting(_Section):
    """Somebody, with an address for each channel. shifts: when on duty; none: always."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    addresses: dict[str, Annotated[str, Field(min_length=1, max_length=254)]] = {}
    shifts: Annotated[tuple[ShiftSetting, ...], Field(strict=False)] = ()


class RosterSetting(_Section):
    """People who take turns, or share the duty."""

    people: Annotated[tuple[PersonSetting, ...], Field(strict=False, min_length=1)]


class StepSetting(_Section):
    """Who is told if nobody acknowledges. after_s: since the first message. channel: the rule's if empty."""

    after_s: Annotated[float, Field(gt=0, le=604_800)]
    roster: str = ""
    channel: str = ""


class QuietSetting(ShiftSetting):
    """Hours in which messages wait for their end, except those of the most urgent alarms."""

    except_priorities: Annotated[tuple[PriorityNumber, ...], Field(strict=False)] = (1,)


class FloodSetting(_Section):
    """More than count alarms within within_s become one message. gather_s: how long the first waits for those that follow."""

    count: Annotated[int, Field(ge=1, le=1000)] = 10
    within_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    gather_s: Annotated[float, Field(ge=0, le=60)] = 2.0


class RuleSetting(_Section):
    """Who is told what, and when.

    priorities, areas (what lies below them too), classes, alarms (patterns of names, ``*`` and ``?``): all must match; an empty
    list matches everything. until: what ends steps and repeats.
    """

    name: Name
    priorities: Annotated[tuple[PriorityNumber, ...], Field(strict=False)] = PRIORITIES
    areas: Annotated[tuple[str, ...], Field(strict=False)] = ()
    classes: Annotated[tuple[str, ...], Field(strict=False)] = ()
    alarms: Annotated[tuple[str, ...], Field(strict=False)] = ()
    channel: str
    roster: str = ""
    delay_s: Delay = 0.0
    steps: Annotated[tuple[StepSetting, ...], Field(strict=False, max_length=20)] = ()
    until: Literal["acknowledged", "returned"] = "acknowledged"
    repeat_s: Annotated[float, Field(ge=30, le=604_800)] | None = None
    repeat_times: Annotated[int, Field(ge=1, le=100)] = 10
    on_clear: bool = False
    quiet: Annotated[tuple[QuietSetting, ...], Field(strict=False)] = ()
    flood: FloodSetting | None = None
    subject: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=4000)] = ""
    clear_text: Annotated[str, Field(max_length=4000)] = ""


class Notifications(_Section):
    """Who is told of alarms, and how. give_up_s: age at which a message is no longer tried. keep_days: how long it is listed."""

    give_up_s: Annotated[float, Field(ge=60, le=604_800)] = 86_400.0
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 90
    flood: FloodSetting = FloodSetting()
    channels: dict[Name, Channel] = {}
    rosters: dict[Name, RosterSetting] = {}
    rules: Annotated[tuple[RuleSetting, ...], Field(strict=False)] = ()

    def mistakes(self) -> Found:
        """Whatever does not fit together, with its place below ``notifications``."""
        for name, channel in self.channels.items():
            yield from _below(("channels", name), channel.mistakes())
        for name, roster in self.rosters.items():
            for number, person in enumerate(roster.people):
                yield from _below(("rosters", name, "people", str(number)), self._of_person(person))
        names: set[str] = set()
        for number, rule in enumerate(self.rules):
            if rule.name in names:
                yield ("rules", str(number), "name"), f"the name {rule.name} is already in use"
            names.add(rule.name)
            yield from _below(("rules", str(number)), self._of_rule(rule))

    def variables(self) -> Mapping[Place, str]:
        """The environment variables that are needed, by their place below ``notifications``."""
        return {
            ("channels", name, *place): variable
            for name, channel in self.channels.items()
            for place, variable in channel.variables().items()
        }

    def _of_person(self, person: PersonSetting) -> Found:
        for name, address in person.addresses.items():
            channel = self.channels.get(name)
            if channel is None:
                yield ("addresses", name), self._unknown_channel(name)
            elif channel.kind == "smtp" and not is_mail_address(address):
                yield ("addresses", name), f"{address!r:.60}: no mail address"
            elif not address.isprintable():
                yield ("addresses", name), f"{address!r:.60}: no address"
        for number, shift in enumerate(person.shifts):
            yield from _below(("shifts", str(number)), shift.mistakes())

    def _of_rule(self, rule: RuleSetting) -> Found:
        yield from self._told(rule.channel, rule.roster)
        after = 0.0
        for number, step in enumerate(rule.steps):
            place = ("steps", str(number))
            yield from _below(place, self._told(step.channel or rule.channel, step.roster, own=bool(step.channel)))
            if step.after_s <= after:
                yield (*place, "after_s"), "each step comes after the one before"
            after = step.after_s
        for number, quiet in enumerate(rule.quiet):
            yield from _below(("quiet", str(number)), quiet.mistakes())
        for field in ("subject", "text", "clear_text"):
            wrong = template_mistake(getattr(rule, field))
            if wrong:
                yield (field,), wrong

    def _told(self, channel: str, roster: str, *, own: bool = True) -> Found:
        found = self.channels.get(channel)
        if found is None:
            if own:
                yield ("channel",), self._unknown_channel(channel)
            return
        if not roster:
            if found.kind == "smtp":
                yield ("roster",), f"channel {channel} sends mail to people; name a roster"
            return
        people = self.rosters.get(roster)
        if people is None:
            yield ("roster",), f"there is no roster {roster}; known: {', '.join(self.rosters) or 'none'}"
        elif found.kind == "smtp" and not any(channel in person.addresses for person in people.people):
            yield ("roster",), f"nobody in roster {roster} has an address for channel {channel}"

    def _unknown_channel(self, name: str) -> str:
        return f"there is no channel {name}; known: {', '.join(self.channels) or 'none'}"


def is_mail_address(text: str) -> bool:
    """True for what a mail server may take as an address."""
    return _ADDRESS.fullmatch(text) is not None and text.isascii() and text.isprintable()


def url_mistake(url: str) -> str:
    """What is wrong with an address to post to, empty if nothing is; the address, which may be a secret, is not repeated."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "no address of the web"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return "expected an address such as https://host/path"
    if parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        return "an address has no user, no spaces and ASCII characters only"
    return ""


def _below(place: Place, found: Found) -> Found:
    for inner, words in found:
        yield (*place, *inner), words
