"""ETags for answers worth keeping: the same answer is not sent twice."""

from hashlib import sha256

from fastapi import Request, Response
from pydantic import BaseModel


def conditional(request: Request, answer: BaseModel) -> Response:
    """The answer with its ETag, or 304 without a body if the caller has it already (RFC 9110 §13.1.2)."""
    return conditional_bytes(request, answer.model_dump_json().encode())


def conditional_bytes(request: Request, body: bytes) -> Response:
    """The same for an answer that is JSON already."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    if _knows(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/json", headers={"ETag": etag})


def _knows(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags
