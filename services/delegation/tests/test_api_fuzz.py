"""Every operation of delegation under generated requests: no server error, nothing that OpenAPI does not promise."""

from typing import Any

import pytest

from shared.testing.api_fuzz import ApiFuzz


@pytest.mark.timeout(300)
async def test_no_request_breaks_the_service(delegation: Any) -> None:
    """The same requests on every run: as a parent, and as somebody who has not signed in."""
    fuzz = ApiFuzz(
        delegation.http,
        roles={"mother": delegation.bearer(delegation.family.mother), "nobody": {}},
        known={"children": [str(delegation.family.anna)], "pupil_id": [str(delegation.family.anna)]},
    )
    findings = await fuzz.findings()
    assert not findings, "\n\n".join(str(one) for one in findings)
    assert {401, 404, 422} <= fuzz.answered.keys()
