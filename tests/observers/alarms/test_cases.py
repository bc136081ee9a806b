"""Which test shows which of the 81 cases of the alarm specification, whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HERE = "tests/observers/alarms"
FILES: Mapping[str, str] = {
    "alarm": f"{HERE}/test_alarm.py",
    "beside": f"{HERE}/test_beside.py",
    "bulk": "tests/commands/test_alarm_bulk.py",
    "burst": f"{HERE}/test_burst.py",
    "classes": "tests/publishers/rest/test_alarm_classes.py",
    "configuration": "tests/publishers/rest/test_configuration.py",
    "durability": f"{HERE}/test_manager_durability.py",
    "hmi": "hmi-react/src/features/alarms/alarms-page.test.tsx",
    "hmi filter": "hmi-react/src/features/alarms/alarm-filter.test.ts",
    "kinds": f"{HERE}/test_kinds.py",
    "latch": f"{HERE}/test_latch.py",
    "manager": f"{HERE}/test_manager.py",
    "overlay": f"{HERE}/test_overlay.py",
    "report": f"{HERE}/analytics/test_report.py",
    "rest": "tests/publishers/rest/test_alarm_cases.py",
    "specification": f"{HERE}/test_specification.py",
}
CASES = """
1 alarm: a value at the limit is normal
2 alarm: a value above the limit raises the alarm
2 specification: a new occurrence is announced once
3 alarm: the deadband holds a high alarm until the value is clearly lower
4 alarm: the deadband holds a high alarm until the value is clearly lower
5 alarm: the deadband holds a low alarm until the value is clearly higher
6 specification: the row of an acknowledgement has user time and comment
7 specification: an acknowledged alarm that returns is told normal a last time
8 alarm: a returned alarm is normal once acknowledged
9 alarm: a returned alarm that comes back is a new occurrence
10 rest: a command is answered by the state of its alarm
10 manager: a refused acknowledgement leaves no row
11 rest: a command is answered by the state of its alarm
11 alarm: a second acknowledgement is refused and the first stays
12 rest: an acknowledgement names the occurrence that was seen
13 specification: a latching alarm that returned is still listed
14 rest: a command is answered by the state of its alarm
15 latch: a latching alarm is normal once it is acknowledged and reset
16 latch: a latching alarm is normal once it is acknowledged and reset
17 latch: a latched alarm that comes back is a new occurrence
18 rest: a command is answered by the state of its alarm
19 latch: a latching alarm that was acknowledged stays when it returns
20 latch: an alarm that its return acknowledges needs nobody
21 specification: an alarm that needs no acknowledgement is unacknowledged in no list
22 alarm: a condition shorter than the on delay raises nothing
23 manager: an on delay runs out within the workers period without a further sample
24 alarm: one normal sample starts the on delay anew
25 alarm: a return shorter than the off delay leaves no row
26 alarm: an off delay runs out without a further sample
27 alarm: the condition time is the first crossing and the active time one delay later
28 specification: a shelved alarm leaves the counts and tells when it comes back
28 hmi filter: has lists of what is kept silent, by the reason; the state of these is the one underneath
28 hmi: shows of a shelved alarm how long, by whom and why, and ends it
29 specification: what happens on the shelf is journalled in silence
30 specification: a shelf that runs out without a sample announces what is abnormal
31 specification: a shelf that runs out over a normal alarm announces nothing
32 specification: who ends a shelf is kept with the reason
33 rest: a shelf is no longer than the priority allows and has a reason
34 rest: a shelf is no longer than the priority allows and has a reason
35 classes: an alarm that is not shelvable is refused with its reason and the refusal is journalled
36 rest: a viewer shelves nothing and the attempt is journalled
37 specification: a shelf that is shelved again begins anew but lasts no longer than it may in all
38 overlay: a one shot shelf ends when the alarm returns
39 specification: a one shot shelf of a normal alarm ends after it came and went
40 specification: a one shot shelf of an alarm that never returns ends at the longest time
41 rest: a shelved alarm is acknowledged and stays shelved
42 rest: a shelved alarm is acknowledged and stays shelved
43 specification: a shelf that ran out while the runtime was down ends at the start with one row
44 specification: a restart before the end keeps the shelf and its end
45 specification: suppression ends with its last reason
46 specification: the end of a shelf leaves a suppression as it is
47 specification: what came out of service is announced when it returns to service
48 rest: a command is answered by the state of its alarm
49 specification: out of service hides a shelf which hides the alarm
50 specification: an acknowledged alarm that stays is announced again and counted
51 beside: a new member has an acknowledged group announced again
52 beside: only the alarm that began first is marked whichever came first
52 beside: the mark stays until the group is reset
53 kinds: a jump over both limits is one alarm of the worse one
54 kinds: a worse level must be acknowledged anew
55 kinds: a milder level tells nothing and keeps the acknowledgement
55 specification: a milder level is told with the priority before and in silence
56 kinds: a superseded alarm comes back as it was acknowledged
57 rest: limits that are out of order are not saved
58 alarm: a contact in its alarm position raises the alarm
59 alarm: a state that is one of the values raises the alarm
60 beside: a setpoint that moves away raises a deviation without a sample of the value
61 specification: a slope is judged over its window
62 kinds: a sample older than the last does not count
63 specification: bad quality has an alarm of its own and leaves the other as it is
64 latch: what a sample that cannot be judged does is a choice
65 alarm: what cannot be judged holds an acknowledged alarm
65 specification: what is no number is bad whatever its quality says
66 kinds: a lost link is one alarm and those of its tags are silent
67 kinds: a tag that nobody updates goes stale at its time
68 specification: an alarm returns at once when its limit is moved beyond the value
68 configuration: who changes the limit of an alarm is in the rows of the alarm
69 specification: an alarm that is deleted takes its timers along
70 specification: a disabled alarm is not judged and an enabled one at once
71 durability: a restart keeps state and occurrence without a row
72 durability: after a crash between write and publish journal and state agree
73 alarm: a clock set back neither stretches a delay nor turns the rows around
73 specification: a clock that was set back keeps the end of a shelf and the order of the rows
74 burst: every alarm has its row in its order and the flood is flagged
74 burst: the interface answers within 200 ms meanwhile
75 rest: of two who acknowledge at once one is told that it is done
75 manager: of two persons who acknowledge at once one wins
76 bulk: only what can be acknowledged in the area is changed
76 bulk: an unknown name and one that is acknowledged stop no other
77 report: rates are over the covered time
77 report: periods with too many alarms are counted
77 report: the peak is the fullest ten minutes
77 report: the flood is told with its beginning and end
77 report: the ten worst come first
77 report: nuisances are named
77 report: priorities are announced and configured
77 report: delays are told by median and 95th percentile
77 report: levels are means over time
77 report: what is silent without a record and for too long is named
77 report: who changes definitions without a right is named
77 report: what comes after an upset is counted
78 report: three in 59 s chatter and three in 61 s do not
79 report: a flood opens at the eleventh and closes under five
80 report: an alarm is stale when it was active for more than a day
80 report: an alarm that was silent meanwhile is not stale
81 specification: a diagnostic alarm is journalled without a sound and does not count
"""
ENTRIES = [line.partition(" ") for line in CASES.strip().splitlines()]


@cache
def names(path: str) -> frozenset[str]:
    """The names of the tests in the file."""
    text = (ROOT / path).read_text()
    found = re.findall(r"^def test_(\w+)\(" if path.endswith(".py") else r'^  it\("(.+?)",', text, re.MULTILINE)
    return frozenset(found)


def test_every_case_is_shown() -> None:
    assert sorted({int(number) for number, _, _ in ENTRIES}) == list(range(1, 82))


@pytest.mark.parametrize("entry", sorted({shown for _, _, shown in ENTRIES}))
def test_the_tests_that_show_them_are_there(entry: str) -> None:
    file, _, sentence = entry.partition(": ")
    path = FILES[file]
    assert (sentence.replace(" ", "_") if path.endswith(".py") else sentence) in names(path)
