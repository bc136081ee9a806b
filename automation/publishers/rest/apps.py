"""Applications and their screens."""

from __future__ import annotations

from automation.model.errors import NotFoundError
from automation.publishers.rest.models import AppsView, MimicView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.sources import Application
from automation.publishers.rest.views import Json
from automation.security.principal import Permission


class Apps(Endpoint):
    """All applications."""

    @operation("List applications", needs=Permission.VIEW, returns=AppsView)
    def get(self) -> object:
        """Every application with the names of its screens."""
        return {"items": [_view(app) for app in self.sources.apps()]}


class AppScreen(Endpoint):
    """One screen."""

    @operation("Read a screen", needs=Permission.VIEW, returns=MimicView, errors=(404,))
    def get(self, app: str, screen: str) -> object:
        """The mimic."""
        for installed in self.sources.apps():
            if installed.name == app:
                return installed.screen(screen).content
        raise NotFoundError(f"unknown application {app}")


def _view(app: Application) -> Json:
    screens = [{"id": screen.id, "title": screen.title} for screen in app.screen_list()]
    return {"name": app.name, "title": app.title, "description": app.description, "screens": screens}


ROUTES = (("", Apps), ("/<string:app>/screens/<string:screen>", AppScreen))
