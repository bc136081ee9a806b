"""Devices that post their state; each proves itself with a token of its own, not with a user's."""

from __future__ import annotations

from automation.publishers.rest.models import PushView
from automation.publishers.rest.operation import Endpoint, operation

_LIMIT = 64 * 1024


class Push(Endpoint):
    """The state of one device."""

    @operation("Post a device's state", needs=None, returns=PushView, errors=(401, 429), limit=_LIMIT, file=True)
    def post(self, name: str, data: bytes) -> object:
        """Take the state, a JSON object, with the device's token as bearer; the reply holds what was written to the device."""
        now = self.sources.clock.now()
        values = self.sources.push(name, self.gate.token(), data, self.gate.origin(), now)
        return {"values": values, "estop": {"latched": self.sources.estop.estop().latched}}


ROUTES = (("/<string:name>", Push),)
