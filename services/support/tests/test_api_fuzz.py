"""Every operation of support under generated requests: no server error, nothing that OpenAPI does not promise."""

from datetime import timedelta
from typing import Any

import pytest

from shared.testing.api_fuzz import ApiFuzz


@pytest.mark.timeout(300)
async def test_no_request_breaks_the_service(desk: Any) -> None:
    """The same requests on every run: as an agent, as a parent, and as somebody who has not signed in."""
    people = {"agent": desk.agent, "mother": desk.mother}
    lifetime = timedelta(days=400)
    roles = {role: desk.signing.bearer(account_id, lifetime=lifetime) for role, account_id in people.items()}
    fuzz = ApiFuzz(desk.client, roles=roles | {"nobody": {}})
    findings = await fuzz.findings()
    assert not findings, "\n\n".join(str(one) for one in findings)
    assert {401, 404, 422} <= fuzz.answered.keys()
