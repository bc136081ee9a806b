"""Events, log book and annotations over the life of a runtime that is killed and started again."""

from __future__ import annotations

import pytest

from tests.runtime.site import Site, wait_for


@pytest.mark.process
@pytest.mark.timeout(90)
def test_what_is_on_record_outlives_the_process(site: Site) -> None:
    site.start()
    site.device.kill()
    wait_for(lambda: site.ask("GET", "/events?class=alarm&kind=alarm.raised").json()["items"], 20, "an alarm")
    entry = {"category": "disturbance", "text": "controller is gone", "tag": "TK101.LT"}
    assert site.ask("POST", "/logbook", json=entry).status_code == 201
    alarm = site.ask("GET", "/events?class=alarm").json()["items"][0]
    assert site.ask("POST", f"/events/{alarm['seq']}/comments", json={"comment": "fuse"}).status_code == 201
    assert site.ask("POST", "/history/annotations", json={"time": 1.0, "tags": ["TK101.LT"], "text": "x"}).status_code == 201
    before = site.ask("GET", "/events?class=note,alarm&end=4e9").json()["items"]
    site.kill()
    site.start()

    after = site.ask("GET", f"/events?class=note,alarm&before={before[0]['seq'] + 1}").json()["items"]
    assert after == before
    assert [row["kind"] for row in before[:3]] == ["annotation.added", "event.commented", "logbook.written"]
    assert site.ask("GET", "/logbook").json()["items"][0]["text"] == "controller is gone"
    assert site.ask("GET", f"/events/{alarm['seq']}").json()["remarks"][0]["comment"] == "fuse"
    assert site.ask("GET", "/events?kind=runtime.starting&text=runtime").json()["items"] != []
    assert site.ask("GET", "/events/export?class=note").text.count("\r\n") == 4
    site.stop()
