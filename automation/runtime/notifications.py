"""Notifications put together: from settings to a plan, sinks and workers, and from alarms to news."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from automation.model.configuration import Mistake
from automation.model.errors import ConfigError
from automation.model.event import Event
from automation.model.sample import Value
from automation.notification_settings import (
    DAYS,
    Channel,
    FloodSetting,
    Notifications,
    RuleSetting,
    ShiftSetting,
    SlackChannel,
    SmtpChannel,
    WebhookChannel,
    url_mistake,
)
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.view import AlarmView
from automation.observers.notifications.courier import ChannelFacts, Courier
from automation.observers.notifications.desk import NotificationDesk
from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.notifier import Notifier
from automation.observers.notifications.plan import Flood, Person, Plan, Quiet, Rule, Step
from automation.observers.notifications.schedule import Shift
from automation.observers.notifications.sinks.base import Sink
from automation.observers.notifications.sinks.http import Poster, tls_context
from automation.observers.notifications.sinks.smtp import MailServer, SmtpSink
from automation.observers.notifications.sinks.webhook import SlackSink, WebhookSink
from automation.observers.notifications.store import NotificationStore
from automation.settings import Settings

_SILENT = ("SHLVD", "DSUPR", "OOSRV", "DSBLD")
_DAY_S = 86_400.0


def build_notifications(
    settings: Settings,
    environment: Mapping[str, str],
    store: NotificationStore,
    alarms: AlarmManager,
    post: Callable[[Event], None],
) -> NotificationDesk:
    """The observer and its channels, not running yet, and not hearing of alarms before ``follow``.

    Raises ``ConfigError`` naming every channel that cannot be, and ``StorageError``.
    """
    wrong = notification_mistakes(settings, environment)
    if wrong:
        raise ConfigError("\n".join(map(str, wrong)))
    declared = settings.notifications
    couriers = [
        Courier(_facts(name, channel, environment), _sink(channel, environment), store, post, give_up_s=declared.give_up_s)
        for name, channel in declared.channels.items()
    ]
    notifier = Notifier(
        plan_of(declared, settings.site.name, settings.site.time_zone),
        store,
        lambda: [standing_news(view) for view in alarms.list(standing=True)],
        post,
        on_queued=lambda: _wake(couriers),
        keep_s=declared.keep_days * _DAY_S,
    )
    return NotificationDesk(notifier, couriers, store)


def follow(desk: NotificationDesk, alarms: AlarmManager) -> Callable[[], None]:
    """Have the observer hear of every transition; returns the call that ends it."""
    return alarms.on_transition(lambda view, event: desk.notifier.hear(transition_news(view, event)))


def notification_mistakes(settings: Settings, environment: Mapping[str, str]) -> Sequence[Mistake]:
    """What is wrong with channels on this machine: variables that are missing, addresses in them, files of certificates."""
    missing = {
        place: Mistake(subject="notifications", field=".".join(place), message=f"there is no environment variable {variable}")
        for place, variable in settings.notifications.variables().items()
        if variable not in environment
    }
    broken = {place[1] for place in missing}
    found = list(missing.values())
    for name, channel in settings.notifications.channels.items():
        if name not in broken:
            try:
                _sink(channel, environment)
            except ConfigError as error:
                found.append(Mistake(subject="notifications", field=f"channels.{name}", message=str(error)))
    return found


def standing_news(view: AlarmView) -> AlarmNews:
    """An alarm as it stands, without knowing what happened last."""
    times = [time for time in (view.active_time, view.rtn_time, view.ack_time) if time is not None]
    return _news(view, kind="standing", time=max(times, default=0.0), details={}, actor=view.ack_by, comment=view.ack_comment)


def transition_news(view: AlarmView, event: Event) -> AlarmNews:
    """An alarm after what has just happened to it."""
    comment = event.details.get("comment")
    return _news(
        view,
        kind=event.kind.removeprefix("alarm."),
        time=event.time,
        details=event.details,
        actor=event.actor,
        comment=comment if isinstance(comment, str) else "",
    )


def plan_of(declared: Notifications, site: str, zone: str) -> Plan:
    """What is declared, as plain values."""
    rosters = {
        name: [
            Person(name=person.name, addresses=person.addresses, shifts=[_shift(shift) for shift in person.shifts])
            for person in roster.people
        ]
        for name, roster in declared.rosters.items()
    }
    return Plan(
        site=site,
        zone=ZoneInfo(zone),
        rules=[_rule(rule, declared.flood) for rule in declared.rules],
        rosters=rosters,
        personal=frozenset(name for name, channel in declared.channels.items() if channel.kind == "smtp"),
    )


def _news(view: AlarmView, *, kind: str, time: float, details: Mapping[str, Value], actor: str, comment: str) -> AlarmNews:
    value = view.value if view.value is not None else "no value"
    shown = f"{value:.6g}" if isinstance(value, float) else str(value)
    return AlarmNews(
        name=view.name,
        kind=kind,
        time=time,
        active=view.active,
        acked=view.acked,
        silent=view.state in _SILENT,
        occurrence_id=view.occurrence_id or "",
        priority=view.priority,
        area=view.area,
        alarm_class=view.alarm_class,
        tag=view.tag,
        message=view.message,
        state=view.state,
        value=f"{shown} {view.unit_symbol}".strip(),
        raised=view.active_time,
        description=view.description,
        cause=view.cause,
        action=view.action,
        actor=actor,
        comment=comment,
        new_name=str(details.get("new_name") or ""),
    )


def _rule(rule: RuleSetting, flood: FloodSetting) -> Rule:
    given = rule.flood or flood
    return Rule(
        name=rule.name,
        first=Step(channel=rule.channel, roster=rule.roster),
        priorities=frozenset(rule.priorities),
        areas=rule.areas,
        classes=frozenset(rule.classes),
        alarms=rule.alarms,
        delay_s=rule.delay_s,
        steps=[Step(channel=step.channel or rule.channel, roster=step.roster, after_s=step.after_s) for step in rule.steps],
        until_returned=rule.until == "returned",
        repeat_s=rule.repeat_s,
        repeat_times=rule.repeat_times,
        on_clear=rule.on_clear,
        quiet=[Quiet(shifts=[_shift(quiet)], except_priorities=frozenset(quiet.except_priorities)) for quiet in rule.quiet],
        flood=Flood(count=given.count, within_s=given.within_s, gather_s=given.gather_s),
        subject=rule.subject,
        text=rule.text,
        clear_text=rule.clear_text,
    )


def _shift(shift: ShiftSetting) -> Shift:
    return Shift(days=frozenset(DAYS.index(day) for day in shift.days), start=_minutes(shift.start), end=_minutes(shift.end))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _facts(name: str, channel: Channel, environment: Mapping[str, str]) -> ChannelFacts:
    if isinstance(channel, SmtpChannel):
        target, own = f"{channel.host}:{channel.port}", channel.sender
    else:
        target, own = _poster(channel, environment).target, ""
    return ChannelFacts(name=name, kind=channel.kind, target=target, timeout_s=channel.timeout_s, own_address=own)


def _sink(channel: Channel, environment: Mapping[str, str]) -> Sink:
    if isinstance(channel, SmtpChannel):
        server = MailServer(
            host=channel.host,
            port=channel.port,
            sender=channel.sender,
            tls=None if channel.security == "none" else tls_context(channel.ca_file),
            implicit=channel.security == "tls",
            user=channel.user,
            password=environment[channel.password_env] if channel.password_env else "",
            timeout_s=channel.timeout_s,
        )
        return SmtpSink(server)
    poster = _poster(channel, environment)
    if isinstance(channel, SlackChannel):
        return SlackSink(poster)
    headers = {**channel.headers, **{name: environment[variable] for name, variable in channel.headers_env.items()}}
    if wrong := [name for name, value in headers.items() if not value.isprintable() or not value.isascii()]:
        raise ConfigError(f"headers: {wrong[0]}: its value cannot be sent in a header")
    return WebhookSink(poster, headers, environment[channel.secret_env] if channel.secret_env else "")


def _poster(channel: WebhookChannel | SlackChannel, environment: Mapping[str, str]) -> Poster:
    url = channel.url or environment[channel.url_env]
    wrong = url_mistake(url)
    if wrong:
        raise ConfigError(f"{'url' if channel.url else 'url_env'}: {wrong}")
    return Poster(url, channel.ca_file, channel.timeout_s)


def _wake(couriers: Sequence[Courier]) -> None:
    for courier in couriers:
        courier.queued()
