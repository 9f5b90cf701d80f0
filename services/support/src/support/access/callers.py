"""Who calls: an agent, or anybody at all."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.http import Caller, CurrentCaller
from shared.http.callers import optional_caller
from support.access.actions import may_work
from support.container import Wired
from support.errors import AgentsOnly

_bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    scheme_name="AccessToken",
    description="Access token from `POST /api/identity/v1/sessions`; may be left out here.",
)


async def caller_if_signed_in(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller | None:
    """Answer who calls, or None for somebody without a token; a wrong token is still refused."""
    return await optional_caller(request, credentials)


CallerIfSignedIn = Annotated[Caller | None, Depends(caller_if_signed_in)]
"""The caller of a route that works without an account, too: who cannot sign in needs support most (S-1)."""


async def current_agent(caller: CurrentCaller, container: Wired) -> Caller:
    """Answer who calls, if it is an agent."""
    async with container.database.read() as session:
        if not await may_work(session, caller.account_id, container.database.clock()):
            raise AgentsOnly
    return caller


CurrentAgent = Annotated[Caller, Depends(current_agent)]
"""The signed-in agent of a route of the desk."""
