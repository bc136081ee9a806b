from __future__ import annotations

import pytest

from automation.model.errors import TooManyAttemptsError
from automation.security.attempts import Attempts, Window

NOW = 1000.0


def test_the_fifth_failure_of_an_account_locks_it_until_the_first_is_five_minutes_old():
    attempts = Attempts()
    assert [list(attempts.begin("anna", f"10.0.0.{i}", NOW + i)) for i in range(5)] == [[], [], [], [], ["account"]]

    with pytest.raises(TooManyAttemptsError, match="5 minutes") as caught:
        attempts.begin("anna", "10.0.0.9", NOW + 10.0)
    assert caught.value.retry_after_s == 290.0
    attempts.begin("otto", "10.0.0.9", NOW + 10.0)
    with pytest.raises(TooManyAttemptsError, match="one minute"):
        attempts.begin("anna", "10.0.0.9", NOW + 299.9)
    attempts.begin("anna", "10.0.0.9", NOW + 300.0)


def test_the_twentieth_failure_from_one_origin_locks_it_whatever_the_accounts():
    attempts = Attempts()
    locks = [list(attempts.begin(f"user{i}", "10.0.0.1", NOW)) for i in range(20)]
    assert locks == [[]] * 19 + [["origin"]]

    with pytest.raises(TooManyAttemptsError):
        attempts.begin("anna", "10.0.0.1", NOW + 1)
    attempts.begin("anna", "10.0.0.2", NOW + 1)


def test_a_success_forgets_the_accounts_failures_but_not_the_origins():
    attempts = Attempts(per_origin=6)
    for _ in range(4):
        attempts.begin("anna", "10.0.0.1", NOW)
    attempts.begin("anna", "10.0.0.1", NOW)
    attempts.succeeded("anna", "10.0.0.1")

    attempts.begin("anna", "10.0.0.1", NOW)
    attempts.begin("anna", "10.0.0.1", NOW)
    with pytest.raises(TooManyAttemptsError):
        attempts.begin("anna", "10.0.0.1", NOW)


def test_a_refused_attempt_does_not_lengthen_the_lock():
    attempts = Attempts()
    for _ in range(5):
        attempts.begin("anna", "10.0.0.1", NOW)
    for i in range(50):
        with pytest.raises(TooManyAttemptsError):
            attempts.begin("anna", "10.0.0.1", NOW + i)
    attempts.begin("anna", "10.0.0.1", NOW + 300.0)


def test_a_flood_of_names_does_not_fill_the_memory():
    window = Window(5, 300.0)
    for i in range(25_000):
        window.count(f"name{i}", NOW)
    assert len(window) == 10_000
    assert window.count("name24999", NOW) == 2


def test_withdrawing_the_only_failure_forgets_the_key():
    window = Window(5, 300.0)
    window.count("a", NOW)
    window.withdraw("a")
    window.withdraw("never seen")
    assert len(window) == 0
