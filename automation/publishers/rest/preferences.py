"""One's own preferences."""

from __future__ import annotations

from automation.publishers.rest.models import PreferencesBody, PreferencesView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.preferences import Preferences
from automation.security.principal import Permission


class OwnPreferences(Endpoint):
    """How the caller wants to be shown times and values."""

    @operation("Read the own preferences", needs=Permission.VIEW, returns=PreferencesView, errors=(503,))
    def get(self) -> object:
        """The preferences of the caller; the zone is the site's unless another one was chosen."""
        return self._view(self.sources.commands.preferences.get(self.gate.principal()))

    @operation("Replace the own preferences", needs=Permission.VIEW, returns=PreferencesView, body=PreferencesBody, errors=(503,))
    def put(self, body: PreferencesBody) -> object:
        """The preferences of the caller after they were replaced by these."""
        kept = self.sources.commands.preferences.put(
            self.gate.principal(), time_zone=body.time_zone or "", language=body.language, units=body.units
        )
        return self._view(kept)

    def _view(self, preferences: Preferences) -> Json:
        return {
            "time_zone": preferences.time_zone or self.sources.time_zone,
            "language": preferences.language,
            "units": preferences.units,
        }


ROUTES = (("/preferences", OwnPreferences),)
