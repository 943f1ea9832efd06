"""What the server answers at its own URL and at that of the API."""

import httpx
import pytest

from leadconnect.settings import Settings
from tests.conftest import changed, client_of, running_app


@pytest.mark.parametrize("path", ["/", "/api", "/api/", "/API"])
async def test_the_index_leads_to_what_is_there(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    index = answer.json()
    assert index["name"] == "LeadConnect"
    for key in ("health", "documentation", "description"):
        assert (await client.get(index[key])).status_code == 200, key
    for key in ("signUp", "logIn"):
        assert (await client.post(index[key], json={})).status_code == 400, key


async def test_in_production_there_is_no_documentation_to_lead_to(settings: Settings) -> None:
    async with running_app(changed(settings, environment="production")) as app, client_of(app) as client:
        assert set((await client.get("/api")).json()) == {"name", "version", "signUp", "logIn", "health"}


@pytest.mark.parametrize("path", ["/api/health/live", "/api/health/ready", "/API/Health/Ready/"])
async def test_health_is_found_under_api_too(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert (await client.post(path)).status_code == 405


@pytest.mark.parametrize("path", ["/api/healthy", "/api/health", "/api/health/x", "/apihealth/live"])
async def test_nothing_else_is_found_there(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
