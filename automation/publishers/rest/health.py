"""Health: open to everybody, because a supervisor has no account."""

from __future__ import annotations

from automation.publishers.rest.models import HealthView
from automation.publishers.rest.operation import Endpoint, operation


class Health(Endpoint):
    """Whether the runtime is well."""

    @operation("Ask for health", needs=None, returns=HealthView)
    def get(self) -> object:
        """``ok``, or ``degraded`` with the checks that say why."""
        checks = self.sources.checks()
        return {
            "status": "ok" if all(check.ok for check in checks.values()) else "degraded",
            "version": self.sources.version,
            "site": self.sources.site,
            "time": self.sources.clock.now(),
            "checks": checks,
        }


ROUTES = (("", Health),)
