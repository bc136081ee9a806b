from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.errors import InvalidValueError
from automation.security.passwords import Passwords, check_policy, random_password
from automation.testing.users import cheap_passwords

CHEAP = cheap_passwords()


@pytest.mark.parametrize(
    ("password", "name", "words"),
    [
        ("", "anna", "at least 12"),
        ("elevenchars", "anna", "at least 12"),
        ("x" * 1025, "anna", "at most 1024"),
        ("Anna.Operator", "anna.operator", "user name"),
        ("annaannaanna", "anna", "user name"),
        ("annamaria-1234", "annamaria", "user name"),
        ("Password1234", "anna", "too common"),
        ("CHANGEME1234", "anna", "too common"),
        ("Administrator", "anna", "too common"),
        ("aaaaaaaaaaaaaaaa", "anna", "too common"),
        ("abcabcabcabcabc", "anna", "too common"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, name, words):
    with pytest.raises(InvalidValueError, match=words) as caught:
        check_policy(password, name)
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize("password", ["twelve-chars", "correct horse battery", "größer-als-zwölf", "anna likes herons 42"])
def test_a_good_password_passes(password):
    check_policy(password, "anna")


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=40))
def test_a_password_matches_its_own_hash_and_no_other(password):
    kept = CHEAP.hash(password)

    assert kept.startswith("$argon2id$")
    assert CHEAP.matches(password, kept)
    assert not CHEAP.matches(password + "x", kept)


def test_the_same_letters_in_another_unicode_form_are_the_same_password():
    assert CHEAP.matches("gro\u0308ßer-als-zwo\u0308lf", CHEAP.hash("größer-als-zwölf"))


def test_nothing_is_cut_off_a_long_password():
    long = "a" * 1000
    assert not CHEAP.matches(long + "y", CHEAP.hash(long + "x"))
    assert not CHEAP.matches("x" * 1025, CHEAP.hash("x" * 1025))


def test_an_unknown_user_and_a_hash_that_is_none_never_match():
    assert not CHEAP.matches("", None)
    assert not CHEAP.matches("whatever", None)
    assert not CHEAP.matches("whatever", "not a hash")


def test_random_passwords_differ_and_pass_the_policy():
    made = {random_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_policy(password, "admin")


def test_many_at_once_wait_for_their_turn_and_all_get_their_answer():
    kept, right = CHEAP.hash("the right one"), []
    threads = [threading.Thread(target=lambda: right.append(CHEAP.matches("the right one", kept))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 8


def test_hashes_for_people_are_argon2id_with_64_mebibytes():
    assert Passwords().hash("any password").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
