"""Sessions of the OPC UA server: who is let in, and what a session may touch."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import InternalSession

from automation.model.errors import AuthenticationError
from automation.security.principal import Permission, Principal

Login: TypeAlias = Callable[[str, str, str], Principal]

_MIN_PUBLISHING_MS = 100.0
_MAX_ITEMS_PER_CALL = 10_000
_ANONYMOUS = User(role=UserRole.Anonymous)


@dataclass
class PrincipalUser(User):
    """A user of the OPC UA library that carries our principal; never its administrator role, which would bypass every check."""

    principal: Principal | None = None


class PasswordGate:
    """Turns user name and password into a user, for the library's session. login raises ``AuthenticationError``."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def get_user(
        self, iserver: InternalServer, username: str | None = None, password: str | None = None, certificate: Any = None
    ) -> User | None:
        """The user, or None to refuse; called by the library."""
        del iserver, certificate
        if not username or password is None:
            return None
        try:
            principal = self._login(username, password, "opcua")
        except AuthenticationError:
            return None
        if not principal.may(Permission.VIEW):
            return None
        return PrincipalUser(role=UserRole.User, name=principal.name, principal=principal)


class SecureServer(InternalServer):
    """The library's server with our sessions and with limits for a plant network."""

    def __init__(self, gate: PasswordGate) -> None:
        super().__init__(user_manager=gate)
        self.allow_remote_admin = False
        self.supported_tokens = (ua.UserNameIdentityToken,)
        self.max_connections = 50
        self.max_pending_activation_seconds = 10.0
        self.max_subscriptions = 100
        self.max_session_timeout_ms = 120_000
        self.max_monitored_item_queue_size = 1000
        self.max_unacked_messages_per_subscription = 500
        self.max_pending_messages_per_connection = 100

    def create_session(self, name: str, user: User = _ANONYMOUS, external: bool = False) -> InternalSession:
        """A session for a connection that has just asked for one."""
        return SecureSession(self, self.aspace, self.subscription_service, name, user=user, external=external)


async def end_sessions(server: InternalServer, standing: Callable[[Principal], bool]) -> int:
    """How many sessions were closed because their principal does not stand any more, with their subscriptions."""
    sessions = list(server._external_sessions.values())  # noqa: SLF001 - the library keeps no public register
    gone = [s for s in sessions if isinstance(s.user, PrincipalUser) and s.user.principal and not standing(s.user.principal)]
    for session in gone:
        await session.close_session(True)
    return len(gone)


class SecureSession(InternalSession):
    """One client's session: encrypted, named, reading only, and touching only its own subscriptions."""

    user: User

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.external:
            self.iserver.unregister_external_session(self)
            self.auth_token = ua.NodeId(secrets.token_bytes(32), 0, ua.NodeIdType.ByteString)
            self.iserver.register_external_session(self)
        self._certificate: bytes | None = None

    def activate_session(self, params: ua.ActivateSessionParameters, peer_certificate: bytes | None) -> ua.ActivateSessionResult:
        """Let the named user in; an activated session stays with its user and its client's certificate."""
        if peer_certificate is None:
            raise ServiceError(ua.StatusCodes.BadSecurityModeInsufficient)
        before, was_active = self.user, self.is_activated()
        if was_active and peer_certificate != self._certificate:
            raise ServiceError(ua.StatusCodes.BadIdentityChangeNotSupported)
        result = super().activate_session(params, peer_certificate)
        if was_active and self.user.name != before.name:
            self.user = before
            raise ServiceError(ua.StatusCodes.BadIdentityChangeNotSupported)
        self._certificate = peer_certificate
        return result

    async def read(self, params: ua.ReadParameters) -> list[ua.DataValue]:
        """The values asked for. Raises ``ServiceError`` when too many are."""
        _limit(len(params.NodesToRead))
        return await super().read(params)

    async def write(self, params: ua.WriteParameters) -> list[ua.StatusCode]:
        """A refusal for each item: values are put through the command service, not here."""
        if not self.external:
            return await super().write(params)
        return [ua.StatusCode(ua.StatusCodes.BadNotWritable) for _ in params.NodesToWrite]

    async def create_subscription(
        self, params: ua.CreateSubscriptionParameters, callback: Any, request_callback: Any = None
    ) -> ua.CreateSubscriptionResult:
        """A subscription that publishes at most ten times a second."""
        params.RequestedPublishingInterval = max(_MIN_PUBLISHING_MS, params.RequestedPublishingInterval)
        return await super().create_subscription(params, callback, request_callback)

    async def create_monitored_items(self, params: ua.CreateMonitoredItemsParameters) -> list[ua.MonitoredItemCreateResult]:
        """Items in a subscription of this session."""
        self._own(params.SubscriptionId)
        _limit(len(params.ItemsToCreate))
        return await super().create_monitored_items(params)

    async def modify_monitored_items(self, params: ua.ModifyMonitoredItemsParameters) -> list[ua.MonitoredItemModifyResult]:
        """Changed items in a subscription of this session."""
        self._own(params.SubscriptionId)
        return await super().modify_monitored_items(params)

    async def delete_monitored_items(self, params: ua.DeleteMonitoredItemsParameters) -> list[ua.StatusCode]:
        """Items of this session's subscription removed."""
        self._own(params.SubscriptionId)
        return await super().delete_monitored_items(params)

    async def delete_subscriptions(self, ids: list[int]) -> list[ua.StatusCode]:
        """Subscriptions of this session removed; others answer as if they did not exist."""
        own = [number for number in ids if self._owns(number)]
        removed = dict(zip(own, await super().delete_subscriptions(own), strict=True))
        unknown = ua.StatusCode(ua.StatusCodes.BadSubscriptionIdInvalid)
        return [removed.get(number, unknown) for number in ids]

    async def set_monitoring_mode(self, params: ua.SetMonitoringModeParameters) -> list[ua.StatusCode]:
        """The mode of items of this session's subscription."""
        self._own(params.SubscriptionId)
        return await super().set_monitoring_mode(params)

    async def set_publishing_mode(self, params: ua.SetPublishingModeParameters) -> list[ua.StatusCode]:
        """Publishing of this session's subscriptions switched."""
        for number in params.SubscriptionIds:
            self._own(number)
        return await super().set_publishing_mode(params)

    def modify_subscription(self, params: ua.ModifySubscriptionParameters) -> ua.ModifySubscriptionResult:
        """The parameters of this session's subscription."""
        self._own(params.SubscriptionId)
        return super().modify_subscription(params)

    def republish(self, params: ua.RepublishParameters) -> ua.NotificationMessage:
        """A message of this session's subscription, again."""
        self._own(params.SubscriptionId)
        return super().republish(params)

    async def transfer_subscriptions(self, params: ua.TransferSubscriptionsParameters, callback: Any) -> list[ua.TransferResult]:
        """Subscriptions of the same user's earlier session taken over; others answer as if they did not exist."""
        for number in params.SubscriptionIds:
            if not self._same_user(number):
                raise ServiceError(ua.StatusCodes.BadSubscriptionIdInvalid)
        return await super().transfer_subscriptions(params, callback)

    def _owns(self, subscription_id: int) -> bool:
        subscription = self.subscription_service.subscriptions.get(subscription_id)
        return subscription is not None and subscription.session_id == self.session_id

    def _own(self, subscription_id: int) -> None:
        if self.external and not self._owns(subscription_id):
            raise ServiceError(ua.StatusCodes.BadSubscriptionIdInvalid)

    def _same_user(self, subscription_id: int) -> bool:
        subscription = self.subscription_service.subscriptions.get(subscription_id)
        if subscription is None:
            return False
        for session in self.iserver._external_sessions.values():  # noqa: SLF001 - the library keeps no public register
            if session.session_id == subscription.session_id:
                return bool(session.user.name == self.user.name)
        return False


def _limit(count: int) -> None:
    if count > _MAX_ITEMS_PER_CALL:
        raise ServiceError(ua.StatusCodes.BadTooManyOperations)
