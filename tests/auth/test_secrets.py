"""Nothing that lets anybody in reaches the database, so no dump, backup or log of it can give it away."""

from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from leadconnect.auth import recovery
from leadconnect.auth.models import CodeRequest
from leadconnect.auth.second_factor import challenges
from leadconnect.auth.services import Services
from leadconnect.edge.middleware import Edge
from leadconnect.identifiers import new_id
from tests import make
from tests.auth.counting import CountingDatabase, exchanged, services_of
from tests.auth.forgotten import other
from tests.auth.signed_in import refresh
from tests.auth.twofold import challenge, disable, finish, protected
from tests.cast import Cast
from tests.postbox import Postbox


def texts(arguments: list[Any]) -> list[str]:
    """Return every text among the arguments of statements, also from within lists and bytes."""
    found = []
    for argument in arguments:
        if isinstance(argument, (list, tuple)):
            found += texts(list(argument))
        elif isinstance(argument, str | bytes):
            found.append(argument.decode("latin-1") if isinstance(argument, bytes) else argument)
    return found


async def test_no_password_token_or_code_is_sent_to_the_database(
    app: Edge, client: httpx.AsyncClient, services: Services, postbox: Postbox
) -> None:
    counting = CountingDatabase(services_of(app).database)
    email, first, second = make.email("canary"), "canary passphrase one", "canary passphrase two"
    with exchanged(app, database=counting):
        signed_up = await client.post("/api/auth/signup", json=make.signup(email=email, password=first))
        signed_in = await client.post("/api/auth/login", json={"email": email, "password": first})
        renewed = await client.post("/api/auth/refresh", json={"refreshToken": signed_in.json()["refreshToken"]})
        bearer = {"Authorization": f"Bearer {renewed.json()['accessToken']}"}
        assert (await client.get("/api/users/me", headers=bearer)).status_code == 200
        await client.post("/api/auth/forgot-password", json={"email": email})
        assert await postbox.codes_for(email)  # so that the next one is the newest
        request = msgspec.json.encode(CodeRequest(id=new_id(), email=email))
        await recovery.mail_code(
            msgspec.structs.replace(services, database=counting), services.outbox.seal(request), datetime.now(UTC)
        )
        code = await postbox.code_for(email)
        body = {"email": email, "otp": code, "newPassword": second, "confirmPassword": second}
        assert (await client.post("/api/auth/reset-password", json=body)).status_code == 200
    sent = "\n".join([*counting.statements, *texts(counting.arguments)])
    assert email in sent
    tokens = [answer.json()[key] for answer in (signed_up, signed_in) for key in ("accessToken", "refreshToken")]
    for secret in (first, second, code, renewed.json()["accessToken"], *tokens):
        assert secret not in sent


async def test_nothing_of_two_factors_a_device_or_a_rotation_is_sent_to_the_database(
    app: Edge, cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox
) -> None:
    owner, agent = await protected(cast, client), "Canary/1.0"
    counting = CountingDatabase(services_of(app).database)
    with exchanged(app, database=counting):
        first = await challenge(client, postbox, owner)
        await finish(client, owner.email, other(first))
        request = msgspec.json.encode(CodeRequest(id=new_id(), email=owner.email))
        await challenges.mail_another_code(
            msgspec.structs.replace(services, database=counting), services.outbox.seal(request), datetime.now(UTC)
        )
        second = await postbox.code_for(owner.email)
        headers = {"User-Agent": agent, "X-Token-Rotation": "1"}
        signed_in = (await finish(client, owner.email, second, **headers)).json()
        renewed = (await refresh(client, signed_in["refreshToken"])).json()
        await disable(client, owner, password=owner.password)
    sent = [*counting.statements, *texts(counting.arguments)]
    assert agent in sent  # in the row of the session alone
    tokens = [answer[key] for answer in (signed_in, renewed) for key in ("accessToken", "refreshToken")]
    for secret in (first, second, other(first), owner.password, *tokens):
        assert secret not in "\n".join(sent)


async def test_the_queue_does_not_show_who_asked_for_a_code(app: Edge, client: httpx.AsyncClient) -> None:
    counting = CountingDatabase(services_of(app).database)
    email = make.email("canary")
    with exchanged(app, database=counting):
        await client.post("/api/auth/forgot-password", json={"email": email})
    assert any("pgqueuer" in statement for statement in counting.statements)
    assert email not in "\n".join([*counting.statements, *texts(counting.arguments)])
