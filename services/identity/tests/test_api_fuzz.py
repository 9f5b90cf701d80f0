"""Every operation of identity under generated requests: no server error, and nothing that OpenAPI does not promise."""

from typing import Any

import pytest

from shared.testing.api_fuzz import ApiFuzz


@pytest.mark.timeout(300)
async def test_no_request_breaks_the_service(identity: Any, bundle: Any, known: Any) -> None:
    """The same requests on every run, as a director, a teacher, a parent, and somebody who has not signed in."""
    await identity.load(bundle)
    logins = {"director": "+79000000006", "teacher": known.teacher_email, "mother": known.mother_phone}
    roles = {role: await identity.bearer(login, known.password) for role, login in logins.items()}
    fuzz = ApiFuzz(
        identity.http,
        roles=roles | {"nobody": {}},
        known={"login": list(logins.values()), "password": [known.password]},
        examples=6,
    )
    findings = await fuzz.findings()
    assert not findings, "\n\n".join(str(one) for one in findings)
    assert {200, 401, 404, 422} <= fuzz.answered.keys()
