"""HTTP: one application factory, problems in two languages, callers, paging, Idempotency-Key."""

from shared.http.app import service_app
from shared.http.bodies import Answer, Body
from shared.http.callers import BearerToken, CurrentCaller, OptionalCaller, RecentCaller
from shared.http.common_problems import (
    BodyTooLarge,
    IdempotencyAnswerLost,
    IdempotencyInProgress,
    IdempotencyKeyReused,
    InvalidCursor,
    StepUpRequired,
    TokenExpired,
    TokenInvalid,
    ValidationFailed,
)
from shared.http.downloads import download, saving
from shared.http.idempotency import claim_idempotency_key, idempotency_table, purge_idempotency
from shared.http.paging import Page, PageQuery, Paging, cursor_of
from shared.http.problems import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    TemporarilyUnavailable,
    TooManyRequests,
    Unauthenticated,
    Unprocessable,
    responses,
)
from shared.http.texts import Language, Text
from shared.http.tokens import Caller, GivenKeys, JwksUrl, KeySource, TokenVerifier, VerifiedToken

__all__ = [
    "Answer",
    "BadRequest",
    "BearerToken",
    "Body",
    "BodyTooLarge",
    "Caller",
    "Conflict",
    "CurrentCaller",
    "Forbidden",
    "GivenKeys",
    "IdempotencyAnswerLost",
    "IdempotencyInProgress",
    "IdempotencyKeyReused",
    "InvalidCursor",
    "JwksUrl",
    "KeySource",
    "Language",
    "NotFound",
    "OptionalCaller",
    "Page",
    "PageQuery",
    "Paging",
    "Problem",
    "RecentCaller",
    "StepUpRequired",
    "TemporarilyUnavailable",
    "Text",
    "TokenExpired",
    "TokenInvalid",
    "TokenVerifier",
    "TooManyRequests",
    "Unauthenticated",
    "Unprocessable",
    "ValidationFailed",
    "VerifiedToken",
    "claim_idempotency_key",
    "cursor_of",
    "download",
    "idempotency_table",
    "purge_idempotency",
    "responses",
    "saving",
    "service_app",
]
