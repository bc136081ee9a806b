"""The administration of users."""

from __future__ import annotations

from automation.publishers.rest.models import AccountsView, AccountView, UserBody
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission
from automation.security.users import User

_CREATED = 201


class Users(Endpoint):
    """All users."""

    @operation("List users", needs=Permission.ADMINISTER, returns=AccountsView)
    def get(self) -> object:
        """Every user."""
        return {"items": [_view(user) for user in self.sources.commands.users.list(self.gate.principal())]}

    @operation(
        "Add a user", needs=Permission.ADMINISTER, returns=AccountView, body=UserBody, errors=(409, 423, 503), status=_CREATED
    )
    def post(self, body: UserBody) -> object:
        """The new user, who must change the password at the first login."""
        return _view(self.sources.commands.users.add(self.gate.principal(), body.username, body.role, body.password))


def _view(user: User) -> Json:
    return {
        "name": user.name,
        "role": user.role.label,
        "must_change_password": user.must_change_password,
        "disabled": user.disabled,
        "created": user.created,
    }


ROUTES = (("", Users),)
