"""The alarm journal and its analytics over the life of a runtime that is killed and started again."""

from __future__ import annotations

import time

import pytest

from tests.runtime.site import Site, wait_for


@pytest.mark.process
@pytest.mark.timeout(90)
def test_what_a_killed_runtime_had_journalled_is_there_and_its_absence_does_not_count(site: Site) -> None:
    site.start()
    begun = time.time()
    site.device.kill()
    raised = wait_for(lambda: site.ask("GET", "/alarms/journal?event=raised").json()["items"], 20, "an alarm")
    site.kill()
    killed = time.time()
    time.sleep(3.0)
    site.start()

    gap = site.ask("GET", f"/alarms/analytics?start={killed}&end={killed + 2.5}").json()
    whole = site.ask("GET", f"/alarms/analytics?start={begun}&end={time.time()}").json()
    live = site.ask("GET", "/alarms/analytics/live").json()

    assert gap["covered_s"] == 0.0
    assert 0.0 < whole["covered_s"] < whole["end"] - whole["start"] - 2.5
    assert site.ask("GET", "/alarms/journal?event=raised").json()["items"][-1] == raised[-1]
    assert whole["count"] == live["count"] > 0
    assert site.ask("GET", "/alarms/occurrences?open=true").json()["items"] != []
    site.stop()
