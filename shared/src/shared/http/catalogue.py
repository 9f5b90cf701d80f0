"""The published list of error codes: `GET /api/<service>/v1/errors`."""

from fastapi import APIRouter
from pydantic import BaseModel

from shared.http.problems import Problem, all_problems


class TwoLanguages(BaseModel):
    """A text in both languages."""

    ru: str
    en: str


class ErrorCode(BaseModel):
    """One error code of this service."""

    code: str
    status: int
    title: TwoLanguages


class ErrorCodes(BaseModel):
    """All error codes of this service."""

    items: list[ErrorCode]


def error_catalogue(service: str) -> APIRouter:
    """Make the route that lists the codes of a service: its own and those of the kit."""
    router = APIRouter(tags=["errors"])

    @router.get("/errors", summary="Error codes")
    async def errors() -> ErrorCodes:
        """List every `code` that this service may answer."""
        return ErrorCodes(items=list_errors(service))

    return router


def list_errors(service: str) -> list[ErrorCode]:
    """List the codes of the kit and of one service, each once, by code."""
    found: dict[str, type[Problem]] = {}
    for problem in all_problems():
        package = problem.__module__.split(".")[0]
        # A class that renames nothing shares its base's code; the base stands in the list.
        if package in {"shared", service} and "code" in vars(problem):
            found.setdefault(problem.code, problem)
    return [
        ErrorCode(
            code=code,
            status=problem.status,
            title=TwoLanguages(ru=problem.title.ru, en=problem.title.en),
        )
        for code, problem in sorted(found.items())
    ]
