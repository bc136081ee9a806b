"""Notifications of a runtime that is killed, and of one whose channel hangs."""

from __future__ import annotations

import json

import pytest

from tests.observers.notifications.servers import http_server
from tests.runtime.site import Device, Site, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

ALARM = "LINK.plant.COMMS"


def configure(monkeypatch: pytest.MonkeyPatch, **urls: str) -> None:
    """One webhook for each url, and a rule for each of them."""
    channels = ", ".join(f'{name} = {{ kind = "webhook", url = "{url}", timeout_s = 30.0 }}' for name, url in urls.items())
    rules = ", ".join(f'{{ name = "{name}", channel = "{name}", alarms = ["{ALARM}"], on_clear = true }}' for name in urls)
    monkeypatch.setenv("AUTOMATION__NOTIFICATIONS__CHANNELS", f"{{ {channels} }}")
    monkeypatch.setenv("AUTOMATION__NOTIFICATIONS__RULES", f"[{rules}]")


def test_a_message_that_did_not_go_before_a_kill_goes_after_it_once(
    site: Site, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server() as hook:
        hook.status = 500
        configure(monkeypatch, hook=hook.url)
        site.start()
        wait_for(lambda: site.values("TK101.LT")["TK101.LT"][1] == 0, 10, "the level is read")
        device.kill()
        wait_for(lambda: hook.received, 15, "the first try")
        site.kill()
        hook.status = 200
        tried = {json.loads(body)["id"] for _, _, body in hook.received}
        assert len(tried) == 1
        hook.received.clear()

        site.start()
        wait_for(lambda: hook.received, 20, "the message goes")
        site.stop()
        site.start()
        device.start()
        wait_for(lambda: len(hook.received) > 1, 20, "the message of the return")

        bodies = [json.loads(body) for _, _, body in hook.received]
        assert [body["kind"] for body in bodies] == ["raised", "returned"]
        assert bodies[0]["id"] in tried
        assert bodies[0]["alarms"][0]["name"] == ALARM
        wait_for(
            lambda: (
                [row["kind"] for row in site.ask("GET", "/events?kind=notification.sent").json()["items"]]
                == ["notification.sent"] * 2
            ),
            5,
            "both are in the journal",
        )


def test_a_channel_that_hangs_holds_up_neither_the_other_nor_the_stop(
    site: Site, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server() as stuck, http_server() as good:
        stuck.hangs = True
        configure(monkeypatch, stuck=stuck.url, good=good.url)
        site.start()
        wait_for(lambda: site.values("TK101.LT")["TK101.LT"][1] == 0, 10, "the level is read")

        device.kill()
        wait_for(lambda: stuck.received, 15, "the channel hangs")
        wait_for(lambda: good.received, 5, "the other one has sent")
        device.start()
        wait_for(lambda: site.alarm(ALARM)["state"] == "RTNUN", 15, "alarms go on")
        wait_for(lambda: len(good.received) == 2, 10, "and are told")

        assert site.stop() < 5
        assert "Traceback" not in site.log
