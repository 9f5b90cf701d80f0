"""I-9: signing keys are changed while people sign in, renew and are verified elsewhere, and nobody is refused."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from itertools import count

import httpx
import pytest

from identity.main import create_app
from identity.sessions.signing_keys import new_key_set, rotated
from shared.http import JwksUrl, TokenInvalid, TokenVerifier

API = "/api/identity/v1"


class Instances(httpx.AsyncBaseTransport):
    """Instances of identity behind one address, taken in turn; each with the keys it was started with."""

    def __init__(self, settings, stack):
        self._settings, self._stack = settings, stack
        self._turn = count()
        self.serving = []

    async def start(self, keys):
        app = create_app(self._settings.model_copy(update={"signing_keys": keys}))
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        return httpx.ASGITransport(app, raise_app_exceptions=False)

    async def handle_async_request(self, request):
        return await self.serving[next(self._turn) % len(self.serving)].handle_async_request(request)


@pytest.fixture
async def instances(identity, bundle):
    await identity.load(bundle)
    async with AsyncExitStack() as stack:
        yield Instances(identity.container.settings, stack)


@pytest.fixture
async def verifiers(identity, instances):
    """Two services that verify with keys they fetch over HTTP."""
    settings = identity.container.settings
    sources = [JwksUrl("http://identity/.well-known/jwks.json", transport=instances) for _ in range(2)]
    yield [TokenVerifier(source, settings.issuer, settings.audience) for source in sources]
    for source in sources:
        await source.aclose()


def a_quarter_of_an_hour_later(verifiers):
    for verifier in verifiers:
        verifier._keys._fetched -= 900
        verifier._keys._tried -= 900


async def test_i_9_keys_are_rotated_under_load(identity, instances, verifiers, known):  # noqa: C901 -- a day of a town
    first = identity.container.settings.signing_keys
    second = rotated(first)
    third = rotated(second)
    instances.serving = [await instances.start(first), await instances.start(first)]
    done, refused, stop = Counter(), [], asyncio.Event()

    def expect(what, answer, status):
        done[what] += 1
        if answer.status_code != status:
            refused.append((what, answer.status_code, answer.text))

    async def verified(token):
        for verifier in verifiers:
            done["verified"] += 1
            try:
                await verifier.verify(token)
            except TokenInvalid:
                refused.append(("verified", token.split(".")[0], ""))

    async def person(login):
        async with httpx.AsyncClient(transport=Shared(instances), base_url="http://identity") as client:
            while not stop.is_set():
                body = {"login": login, "password": known.password}
                answer = await client.post(f"{API}/sessions", json=body)
                expect("signed in", answer, 201)
                tokens = answer.json()
                for _ in range(3):
                    await verified(tokens["access_token"])
                    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
                    expect("read", await client.get(f"{API}/me", headers=bearer), 200)
                    answer = await client.post(
                        f"{API}/sessions/refresh", json={"refresh_token": tokens["refresh_token"]}
                    )
                    expect("renewed", answer, 200)
                    tokens = answer.json()
                async with went_on:
                    went_on.notify_all()

    went_on = asyncio.Condition()

    async def some_more():
        before = dict(done)
        async with went_on:
            await went_on.wait_for(
                lambda: (
                    refused or all(done[what] >= before.get(what, 0) + 6 for what in ("signed in", "renewed", "read"))
                )
            )

    people = [asyncio.create_task(person(login)) for login in ("mother", "father", "granny")]
    await some_more()
    for place in range(2):
        instances.serving[place] = await instances.start(second)
        await some_more()
    # Tokens of the first key have lapsed by now: the people begin anew, as a client renews from the 5th minute on.
    a_quarter_of_an_hour_later(verifiers)
    await some_more()
    for place in range(2):
        instances.serving[place] = await instances.start(third)
        await some_more()
    stop.set()
    await asyncio.gather(*people)
    assert refused == []
    assert done["verified"] >= 2 * done["renewed"]


class Shared(httpx.AsyncBaseTransport):
    """Many clients over one set of instances: closing a client leaves the instances alone."""

    def __init__(self, instances):
        self._instances = instances

    async def handle_async_request(self, request):
        return await self._instances.handle_async_request(request)


async def test_i_9_a_key_that_was_never_announced_is_refused(identity, instances, verifiers, known):
    """The control of the test above: it is the waiting key that makes the rotation silent."""
    instances.serving = [await instances.start(identity.container.settings.signing_keys)]
    async with httpx.AsyncClient(transport=Shared(instances), base_url="http://identity") as client:
        body = {"login": "mother", "password": known.password}
        good = (await client.post(f"{API}/sessions", json=body)).json()["access_token"]
        await verifiers[0].verify(good)
        instances.serving = [await instances.start(new_key_set())]
        strange = (await client.post(f"{API}/sessions", json=body)).json()["access_token"]
        with pytest.raises(TokenInvalid):
            await verifiers[0].verify(strange)
        await verifiers[0].verify(good)
