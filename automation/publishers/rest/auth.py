"""Logging in and out, and one's own password."""

from __future__ import annotations

from automation.model.errors import AuthenticationError, TooManyAttemptsError
from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError
from automation.publishers.rest.models import DoneView, LoginBody, PasswordBody, SessionView, UserView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json, user_view
from automation.security.login import Session
from automation.security.principal import Permission

VIEW = Permission.VIEW


def _session_view(session: Session) -> Json:
    return {"token": session.token, "expires_at": session.expires_at, "user": user_view(session.principal)}


class Login(Endpoint):
    """Passwords in, tokens out."""

    @operation("Log in", needs=None, returns=SessionView, body=LoginBody, errors=(401, 429))
    def post(self, body: LoginBody) -> object:
        """A token for the right name and password."""
        now = self.sources.clock.now()
        return _session_view(self.sources.login.login(body.username, body.password, self.gate.origin(), now))


class Me(Endpoint):
    """The caller."""

    @operation("Who am I", needs=VIEW, pending=True, returns=UserView)
    def get(self) -> object:
        """Name and role of the caller."""
        return user_view(self.gate.principal())


class Refresh(Endpoint):
    """A later token."""

    @operation("Get a later token", needs=VIEW, pending=True, returns=SessionView)
    def post(self) -> object:
        """A token that expires later, of the same session."""
        now = self.sources.clock.now()
        return _session_view(self.sources.login.refresh(self.gate.token(), now, self.gate.origin()))


class Logout(Endpoint):
    """The end of a session."""

    @operation("Log out", needs=VIEW, pending=True, returns=DoneView)
    def post(self) -> object:
        """End the session: its tokens count no more."""
        self.sources.login.logout(self.gate.token(), self.sources.clock.now(), self.gate.origin())
        return {"ok": True}


class Password(Endpoint):
    """One's own password."""

    @operation("Change the password", needs=VIEW, pending=True, returns=SessionView, body=PasswordBody, errors=(429,))
    def post(self, body: PasswordBody) -> object:
        """A session under the new password; all others of the user end."""
        users = self.sources.commands.users
        try:
            session = users.change_password(self.gate.principal(), body.old_password, body.new_password)
        except TooManyAttemptsError:
            raise
        except AuthenticationError as error:  # the token counts, so 401 would be misread as its end
            raise BadRequestError(UNPROCESSABLE, "wrong_password", str(error)) from error
        return _session_view(session)


ROUTES = (("/login", Login), ("/me", Me), ("/refresh", Refresh), ("/logout", Logout), ("/password", Password))
