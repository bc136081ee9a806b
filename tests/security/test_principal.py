from __future__ import annotations

import pytest

from automation.model.errors import NotAllowedError
from automation.security.principal import Permission, Principal, Role

ALLOWED = {
    Role.VIEWER: {Permission.VIEW, Permission.TRIP},
    Role.OPERATOR: {Permission.PUT, Permission.ACKNOWLEDGE, Permission.OPERATE, Permission.RECORD},
    Role.SUPERVISOR: {Permission.CLEAR_ESTOP, Permission.FORCE},
    Role.ENGINEER: {Permission.CONFIGURE},
    Role.ADMIN: {Permission.ADMINISTER},
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_roles_below_it_may_and_nothing_more(role):
    expected = set().union(*(ALLOWED[lower] for lower in Role if lower <= role))
    principal = Principal(name="p", role=role)

    assert {permission for permission in Permission if principal.may(permission)} == expected


def test_a_refusal_names_user_role_and_need():
    with pytest.raises(NotAllowedError, match=r"^vera \(viewer\) may not put values; needs operator$"):
        Principal(name="vera", role=Role.VIEWER).require(Permission.PUT)


def test_a_role_is_found_by_its_label():
    assert Role.of("Operator") is Role.OPERATOR
    with pytest.raises(ValueError, match="role 'king': expected one of viewer, operator"):
        Role.of("king")
