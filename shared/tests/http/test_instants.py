"""Instants have one form in all answers; what watches over it sees every other one."""

import httpx
import pytest

from shared.testing.instants import instants_end_in_z


def answering(content: str) -> httpx.Response:
    request = httpx.Request("GET", "http://service/things")
    return httpx.Response(200, headers={"content-type": "application/json"}, content=content.encode(), request=request)


@pytest.mark.parametrize(
    "said",
    ["2026-11-23T09:00:00+00:00", "2026-11-23T09:00:00.25+00:00", "2026-11-23T12:00:00+03:00", "2026-11-23T09:00:00"],
)
async def test_another_form_is_seen(said: str):
    with pytest.raises(AssertionError, match="/things"):
        await instants_end_in_z(answering(f'{{"at":"{said}"}}'))


@pytest.mark.parametrize(
    "content",
    [
        '{"at":"2026-11-23T09:00:00Z","then":"2026-11-23T09:00:00.123456Z","day":"2026-11-23","bell":"09:00:00"}',
        r'{"text":"he said \"2026-11-23T09:00:00+00:00\""}',
        '{"text":"at 2026-11-23T09:00:00+00:00"}',
    ],
)
async def test_the_one_form_and_what_people_write_pass(content: str):
    await instants_end_in_z(answering(content))
