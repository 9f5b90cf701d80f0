"""Every operation of notifications under generated requests: no server error, nothing that OpenAPI does not promise."""

from typing import Any

import httpx
import pytest

from shared.ops.ids import new_id
from shared.testing.api_fuzz import ApiFuzz


@pytest.mark.timeout(300)
async def test_no_request_breaks_the_service(client: httpx.AsyncClient, signing: Any) -> None:
    """The same requests on every run: as somebody with an account, and as somebody who has not signed in."""
    stream = frozenset({"GET /api/notifications/v1/inbox/stream"})  # does not end by itself
    fuzz = ApiFuzz(client, roles={"reader": signing.bearer(new_id()), "nobody": {}}, left_out=stream)
    findings = await fuzz.findings()
    assert not findings, "\n\n".join(str(one) for one in findings)
    assert {200, 401, 422} <= fuzz.answered.keys()
