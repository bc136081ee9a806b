"""Settings of notifications: everything that does not fit is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.model.errors import ConfigError
from automation.runtime.notifications import notification_mistakes, plan_of
from automation.settings import Settings, load

GOOD = """
[site]
id = "north"
time_zone = "Europe/Vienna"

[notifications]
give_up_s = 3600

[notifications.channels.mail]
kind = "smtp"
host = "mail.example.org"
sender = "plant@example.org"
user = "plant"
password_env = "MAIL_PASSWORD"

[notifications.channels.pager]
kind = "webhook"
url = "https://pager.example.org/hook"
headers_env = { Authorization = "PAGER_KEY" }
secret_env = "PAGER_SECRET"

[notifications.channels.chat]
kind = "slack"
url_env = "CHAT_URL"

[[notifications.rosters.operators.people]]
name = "Ana"
addresses = { mail = "ana@example.org", chat = "<@U1>" }
shifts = [{ days = ["mon", "tue"], from = "22:00", to = "06:00" }]

[[notifications.rosters.operators.people]]
name = "Ben"
addresses = { mail = "ben@example.org" }

[[notifications.rules]]
name = "urgent"
priorities = [1, 2]
areas = ["north"]
roster = "operators"
channel = "mail"
subject = "{priority_name} {alarm}"
quiet = [{ from = "22:00", to = "06:00", except_priorities = [1] }]

[[notifications.rules.steps]]
after_s = 600
channel = "chat"

[[notifications.rules]]
name = "all"
channel = "pager"
"""


WHOLE = ("channels.mail.user", "channels.chat", "channels.chat.url")  # the key itself is not wrong, or is not there


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(text)
    return path


def test_what_is_declared_becomes_a_plan(tmp_path: Path) -> None:
    settings = load(write(tmp_path, GOOD), {})

    plan = plan_of(settings.notifications, "North", "Europe/Vienna")

    urgent, everything = plan.rules
    assert urgent.priorities == {1, 2}
    assert [(step.channel, step.roster, step.after_s) for step in urgent.steps] == [("chat", "", 600.0)]
    assert everything.priorities == {1, 2, 3, 4}
    assert everything.flood.count == 10
    assert plan.personal == {"mail"}
    (shift,) = plan.rosters["operators"][0].shifts
    assert (shift.days, shift.start, shift.end) == ({0, 1}, 1320, 360)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('channel = "chat"', 'channel = "chta"', "rules.0.steps.0.channel", "there is no channel chta; known: mail, pager, chat"),
        ('channel = "pager"', 'channel = "pagr"', "rules.1.channel", "there is no channel pagr"),
        ('roster = "operators"', 'roster = "nobody"', "rules.0.roster", "there is no roster nobody; known: operators"),
        ('name = "all"', 'name = "urgent"', "rules.1.name", "the name urgent is already in use"),
        (
            'subject = "{priority_name} {alarm}"',
            'subject = "{alam}"',
            "rules.0.subject",
            r"unknown field {alam}; did you mean alarm\?",
        ),
        (
            'subject = "{priority_name} {alarm}"',
            'subject = "{alarm.__class__}"',
            "rules.0.subject",
            "unknown field {alarm.__class__}",
        ),
        ('subject = "{priority_name} {alarm}"', 'subject = "{0}"', "rules.0.subject", "unknown field {0}"),
        ('subject = "{priority_name} {alarm}"', 'subject = "{}"', "rules.0.subject", "unknown field {}"),
        ('subject = "{priority_name} {alarm}"', 'subject = "{alarm!r:>99999999}"', "rules.0.subject", "without a format"),
        ('subject = "{priority_name} {alarm}"', 'subject = "{alarm"', "rules.0.subject", "not a template"),
        ('sender = "plant@example.org"', 'sender = "plant"', "channels.mail.sender", "no mail address"),
        ('password_env = "MAIL_PASSWORD"', "timeout_s = 5", "channels.mail.user", "belong together"),
        ('url = "https://pager.example.org/hook"', 'url = "ftp://x"', "channels.pager.url", "expected an address such as https"),
        ('url_env = "CHAT_URL"', "", "channels.chat.url", "either url or url_env"),
        (
            'addresses = { mail = "ben@example.org" }',
            'addresses = { mail = "a@b\\nBcc: c@d" }',
            "addresses.mail",
            "no mail address",
        ),
        (
            'addresses = { mail = "ben@example.org" }',
            'addresses = { maul = "a@b" }',
            "addresses.maul",
            "there is no channel maul",
        ),
        ("after_s = 600", "after_s = 0", "rules.0.steps.0.after_s", "greater than 0"),
        ("priorities = [1, 2]", "priorities = [6]", "rules.0.priorities.0", "less than or equal to 5"),
        ('host = "mail.example.org"', 'hosst = "mail.example.org"', "channels.mail.hosst", r"unknown key; did you mean host\?"),
        ('areas = ["north"]', 'araes = ["north"]', "rules.0.araes", r"unknown key; did you mean areas\?"),
        ('kind = "slack"', 'kind = "teams"', "channels.chat", "teams"),
        (
            'password_env = "MAIL_PASSWORD"',
            'password = "secret"',
            "channels.mail.password",
            "unknown key; did you mean password_env",
        ),
        ("quiet = [{ from", "quiet = [{ form", "rules.0.quiet.0.form", r"unknown key; did you mean from\?"),
        ('from = "22:00", to = "06:00" }]', 'from = "25:00", to = "06:00" }]', "shifts.0.from", "match pattern"),
    ],
)
def test_a_mistake_is_named_with_line_and_place(tmp_path: Path, old: str, new: str, place: str, words: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)

    with pytest.raises(ConfigError, match=rf"site\.toml:\d+: notifications\.[a-z0-9_.]*{place}: .*{words}") as caught:
        load(write(tmp_path, text), {})

    (told,) = [one for one in str(caught.value).splitlines() if place in one]
    shown = text.splitlines()[int(told.split("site.toml:")[1].split(":")[0]) - 1]
    if new and place not in WHOLE:
        assert new.splitlines()[0] in shown
    else:
        assert shown.startswith(("[notifications.channels.", "user ="))


def test_mail_needs_people(tmp_path: Path) -> None:
    text = GOOD.replace('name = "all"\nchannel = "pager"', 'name = "all"\nchannel = "mail"')

    with pytest.raises(ConfigError, match="channel mail sends mail to people; name a roster"):
        load(write(tmp_path, text), {})


def test_people_need_addresses(tmp_path: Path) -> None:
    text = GOOD.replace('mail = "ana@example.org", ', "").replace('mail = "ben@example.org"', "")

    with pytest.raises(ConfigError, match="nobody in roster operators has an address for channel mail"):
        load(write(tmp_path, text), {})


def test_a_password_does_not_go_over_the_network_in_clear(tmp_path: Path) -> None:
    text = GOOD.replace('user = "plant"', 'user = "plant"\nsecurity = "none"')

    with pytest.raises(ConfigError, match="in clear"):
        load(write(tmp_path, text), {})
    load(write(tmp_path, text.replace("mail.example.org", "127.0.0.1")), {})


def test_missing_variables_are_mistakes_where_the_runtime_runs(tmp_path: Path) -> None:
    settings = load(write(tmp_path, GOOD), {})

    missing = [str(mistake) for mistake in notification_mistakes(settings, {"PAGER_KEY": "k", "PAGER_SECRET": "s"})]

    assert missing == [
        "notifications: channels.mail.password_env: there is no environment variable MAIL_PASSWORD",
        "notifications: channels.chat.url_env: there is no environment variable CHAT_URL",
    ]


def test_what_is_in_variables_is_looked_at_and_not_repeated(tmp_path: Path) -> None:
    settings = load(write(tmp_path, GOOD), {})
    good = {"MAIL_PASSWORD": "p", "PAGER_KEY": "k", "PAGER_SECRET": "s", "CHAT_URL": "https://chat/x"}

    assert notification_mistakes(settings, good) == []
    (wrong,) = notification_mistakes(settings, {**good, "CHAT_URL": "se cret"})
    assert str(wrong).startswith("notifications: channels.chat: url_env: expected an address")
    assert "se cret" not in str(wrong)
    (wrong,) = notification_mistakes(settings, {**good, "PAGER_KEY": "a\r\nX: b"})
    assert "headers: Authorization" in str(wrong)


def test_without_notifications_nothing_is_needed() -> None:
    assert notification_mistakes(Settings(), {}) == []
