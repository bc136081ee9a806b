from __future__ import annotations

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.errors import AuthenticationError, ConfigError
from automation.security.tokens import Tokens

NOW = 1_800_000_000.5
SECRET = b"k" * 32
TOKENS = Tokens(SECRET, 600.0)


def test_a_token_says_who_and_until_when():
    token, claims = TOKENS.issue("anna", 3, NOW)
    read = TOKENS.read(token, NOW + 599.9)

    assert read == claims
    assert (read.name, read.epoch, read.expires_at, read.session_start) == ("anna", 3, NOW + 600.0, NOW)


@pytest.mark.parametrize("later", [600.0, 600.1, 1e9])
def test_a_token_expires_by_the_instant_that_is_passed_in(later):
    token, _ = TOKENS.issue("anna", 0, NOW)
    with pytest.raises(AuthenticationError, match="expired"):
        TOKENS.read(token, NOW + later)


def test_each_token_has_its_own_id_and_a_refreshed_one_keeps_its_session():
    _, first = TOKENS.issue("anna", 0, NOW)
    _, second = TOKENS.issue("anna", 0, NOW + 100, of=first)
    _, other = TOKENS.issue("anna", 0, NOW)

    assert len({first.id, second.id, other.id}) == 3
    assert (second.session, second.session_start) == (first.session, NOW)
    assert other.session != first.session
    assert len(bytes.fromhex(first.session)) * 8 >= 128


def test_a_token_does_not_outlive_its_session():
    _, claims = TOKENS.issue("anna", 0, NOW, until=NOW + 60)
    assert claims.expires_at == NOW + 60


def test_a_token_of_another_secret_is_refused():
    token, _ = Tokens(b"x" * 32).issue("anna", 0, NOW)
    with pytest.raises(AuthenticationError, match="not valid"):
        TOKENS.read(token, NOW)


def unsigned(algorithm: str) -> str:
    _, claims = TOKENS.issue("anna", 0, NOW)
    payload = {"sub": "anna", "exp": NOW + 600, "iat": NOW, "jti": claims.id, "sid": "s", "sst": NOW, "epo": 0}

    def part(value: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(payload)}."


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256"])
def test_a_token_without_a_signature_is_refused(algorithm):
    with pytest.raises(AuthenticationError, match="not valid"):
        TOKENS.read(unsigned(algorithm), NOW)


@pytest.mark.parametrize("missing", ["sub", "exp", "iat", "jti", "sid", "sst", "epo"])
def test_a_token_that_lacks_a_claim_is_refused(missing):
    payload = {"sub": "anna", "exp": NOW + 600, "iat": NOW, "jti": "j", "sid": "s", "sst": NOW, "epo": 0}
    del payload[missing]
    with pytest.raises(AuthenticationError, match="not valid"):
        TOKENS.read(jwt.encode(payload, SECRET, "HS256"), NOW)


def test_a_token_with_a_claim_of_the_wrong_type_is_refused():
    payload = {"sub": "anna", "exp": "soon", "iat": NOW, "jti": "j", "sid": "s", "sst": NOW, "epo": [0]}
    with pytest.raises(AuthenticationError, match="not valid"):
        TOKENS.read(jwt.encode(payload, SECRET, "HS256"), NOW)


@given(st.one_of(st.text(max_size=200), st.just("x" * 5000), st.just("a.b.c"), st.just("..")))
def test_no_text_at_all_makes_anything_but_a_refusal(text):
    with pytest.raises(AuthenticationError):
        TOKENS.read(text, NOW)


@given(st.integers(0, 400), st.characters(codec="ascii", categories=("L", "N")))
def test_a_token_with_one_letter_changed_is_refused(place, letter):
    token, _ = TOKENS.issue("anna", 0, NOW)
    place %= token.rindex(".")  # the last letter of a signature has bits that do not count
    if token[place] not in (letter, "."):
        with pytest.raises(AuthenticationError):
            TOKENS.read(token[:place] + letter + token[place + 1 :], NOW)


@pytest.mark.parametrize(("secret", "lifetime_s"), [(b"", 60.0), (b"x" * 31, 60.0), (SECRET, 0.0), (SECRET, -1.0)])
def test_a_weak_secret_or_a_lifetime_of_nothing_is_refused(secret, lifetime_s):
    with pytest.raises(ConfigError, match="token"):
        Tokens(secret, lifetime_s)
