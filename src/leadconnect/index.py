"""What is where, for whoever opens the server's own URL or that of the API."""

from importlib.metadata import version

from litestar import Router
from msgspec import UNSET, UnsetType

from leadconnect.auth.services import Services
from leadconnect.web import Given, get
from leadconnect.wire import Answer


class Index(Answer):
    """The paths where a client begins; without the documentation if it is not served."""

    name: str
    version: str
    sign_up: str
    log_in: str
    health: str
    documentation: str | UnsetType = UNSET
    description: str | UnsetType = UNSET


@get(["/", "/api"], public=True, undocumented=True)
async def read_index(services: Given[Services]) -> Index:
    """Read where a client begins."""
    is_described = not services.settings.is_production
    return Index(
        name="LeadConnect",
        version=version("leadconnect"),
        sign_up="/api/auth/signup",
        log_in="/api/auth/login",
        health="/health/ready",
        documentation="/api/docs" if is_described else UNSET,
        description="/api/openapi.json" if is_described else UNSET,
    )


router = Router(path="", route_handlers=[read_index])
