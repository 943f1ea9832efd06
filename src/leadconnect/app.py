"""The application: which routes there are, and what stands around them. Wiring only."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import structlog
from litestar import Litestar, Request, Response, Router
from litestar.di import Provide
from litestar.dto import AbstractDTO
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.typing import FieldDefinition

from leadconnect import guard, health, index
from leadconnect.analytics.routes import router as analytics_router
from leadconnect.auth.api_keys.routes import router as api_key_router
from leadconnect.auth.password_links.routes import router as password_links_router
from leadconnect.auth.routes import router as auth_router
from leadconnect.auth.second_factor.routes import router as second_factor_router
from leadconnect.auth.services import open_services
from leadconnect.database.pool import BUSY
from leadconnect.edge.causes import log_busy
from leadconnect.edge.middleware import Edge
from leadconnect.edge.render import render_error
from leadconnect.errors import (
    LeadConnectError,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    ServiceBusy,
    TransactionConflict,
)
from leadconnect.exports.routes import router as export_router
from leadconnect.imports.direct.routes import router as import_router
from leadconnect.imports.routes import router as imports_router
from leadconnect.leads.changes.routes import bulk_router
from leadconnect.leads.changes.routes import router as change_sets_router
from leadconnect.leads.duplicates.routes import router as duplicates_router
from leadconnect.leads.routes import router as leads_router
from leadconnect.metrics.instruments import sample
from leadconnect.notifications.routes import reminder_router
from leadconnect.notifications.routes import router as notifications_router
from leadconnect.profile.routes import router as profile_router
from leadconnect.reference.routes import router as reference_router
from leadconnect.settings import Settings, load_settings
from leadconnect.team.routes import router as users_router
from leadconnect.team.routes import sub_users_router
from leadconnect.wire import Input, decode

log = structlog.get_logger()

ROUTERS = (
    auth_router,
    second_factor_router,
    password_links_router,
    leads_router,
    bulk_router,
    change_sets_router,
    import_router,
    imports_router,
    export_router,
    duplicates_router,
    analytics_router,
    users_router,
    sub_users_router,
    profile_router,
    api_key_router,
    notifications_router,
    reminder_router,
)
"""Everything under /api."""

SWITCH_SECONDS = 0.000_2
"""How long the server's own thread, which hands requests in and takes answers out, waits for the interpreter at most:
with Python's 5 ms a request lies there for longer than it takes to answer.
"""

DEPENDENCIES = {
    "services": Provide(guard.provide_services, sync_to_thread=False),
    "client": Provide(guard.provide_client, sync_to_thread=False),
    "principal": Provide(guard.provide_principal, sync_to_thread=False),
    "params": Provide(guard.provide_params, sync_to_thread=False),
    "connection": Provide(guard.provide_connection),
    "begin": Provide(guard.provide_begin),
}


class Body(AbstractDTO[Input]):
    """Reads the body of a route as the struct that its parameter `data` names, with all faults at once."""

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: type[Any] | None = None
    ) -> None:
        """Nothing is prepared: `decode` knows the struct."""

    def decode_bytes(self, value: bytes) -> Any:
        """Read the struct from JSON."""
        field: FieldDefinition = self.asgi_connection.route_handler.parsed_data_field
        return decode(value, field.annotation)


def create_app(settings: Settings) -> Edge:
    """Return the ASGI application for `settings`."""
    return Edge(litestar_app(settings), settings)


def litestar_app(settings: Settings) -> Litestar:
    """Return the routes and what they share, without the edge around them."""
    handlers = [Router(path="/api", before_request=admit, route_handlers=list(ROUTERS)), health.router, index.router]
    if not settings.is_production:
        handlers.append(reference_router)
    return Litestar(
        route_handlers=handlers,
        dependencies=DEPENDENCIES,
        dto=Body,
        return_dto=None,
        exception_handlers={Exception: answer_error},
        before_request=answer_options,
        lifespan=[lambda app: lifespan(app, settings)],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
    )


@asynccontextmanager
async def lifespan(app: Litestar, settings: Settings) -> AsyncIterator[None]:
    """Open what requests share, and close it at the end."""
    services = await open_services(settings, "leadconnect")
    app.state.services = services
    app.state.write_probe = health.WriteProbe()
    sampling = asyncio.create_task(sample(services.database)) if settings.metrics_port else None
    sys.setswitchinterval(SWITCH_SECONDS)
    _calm_the_collector()
    try:
        yield
    finally:
        if sampling is not None:
            sampling.cancel()
        await services.close()


def _calm_the_collector() -> None:
    """Take what is loaded for good out of the garbage collector's sight: its full rounds over it were the p99."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


async def admit(request: Request[Any, Any, Any]) -> Response[None] | Response[bytes] | None:
    """Answer OPTIONS; let the guard decide about any other request."""
    return await answer_options(request) or await guard.admit(request)


async def answer_options(request: Request[Any, Any, Any]) -> Response[None] | None:
    """Answer OPTIONS with all methods of the address; Litestar knows those of its first handler only."""
    if request.method != HttpMethod.OPTIONS:
        return None
    return Response(None, status_code=204, headers={"allow": ", ".join(_allowed_methods(request))})


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer any failure in the one envelope.

    Raises:
        TransactionConflict: it is one; the edge repeats the request.
    """
    refusal = _refusal(error)
    if isinstance(refusal, TransactionConflict):
        raise refusal
    if isinstance(refusal, ServiceBusy):
        log_busy(refusal)
    status, headers, body = render_error(refusal, accept=request.headers.get("accept", ""), path=request.scope["path"])
    if status == MethodNotAllowed.status:
        headers["allow"] = ", ".join(_allowed_methods(request))
    return Response(body, status_code=status, headers=headers, media_type=headers.pop("content-type"))


def _allowed_methods(request: Request[Any, Any, Any]) -> list[str]:
    """Return the methods of the request's address; HEAD is GET without the body."""
    allowed = []
    for method in HttpMethod:
        with suppress(HTTPException):
            request.app.asgi_router.handle_routing(path=request.scope["path"], method=method.value)
            allowed.append(method.value)
    return sorted({*allowed, *(["HEAD"] if "GET" in allowed else [])})


def _refusal(error: Exception) -> LeadConnectError:
    if isinstance(error, LeadConnectError):
        return error
    if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        return _refusal(error.exceptions[0])  # what the end of the transaction made of the handler's error
    if isinstance(error, BUSY):
        busy = ServiceBusy()
        busy.__cause__ = error
        return busy
    if isinstance(error, asyncpg.ForeignKeyViolationError):  # its account was erased since the caller was let in
        log.warning("row_without_owner", constraint=error.constraint_name)
        return NotFound("What this belongs to is no longer there")
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return NotFound("There is no such address")
        if error.status_code == 405:
            return MethodNotAllowed()
        if error.status_code < 500:
            return MalformedRequest()
    log.error("request_failed", error=type(error).__name__, exc_info=error)
    return LeadConnectError()


def asgi() -> Edge:
    """Return the application for the settings of the environment; what the server's workers load."""
    return create_app(load_settings())
