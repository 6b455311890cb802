"""How OpenAPI describes the problems that an operation can answer with."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.problems import (
    BLOCK_UNKNOWN,
    BODY_TOO_LARGE,
    BODY_TOO_SLOW,
    CURSOR_INVALID,
    DATABASE_UNAVAILABLE,
    DEPLOYMENT_AMBIGUOUS,
    DEPLOYMENT_UNKNOWN,
    INTERNAL,
    MEDIA_TYPE,
    MIRROR_EMPTY,
    MIRROR_OF_ANOTHER_VERSION,
    NOT_THERE_YET,
    REQUEST_INVALID,
    TOO_MANY_REQUESTS,
    Kind,
)


class FieldError(BaseModel):
    """One part of the request that is not as it should be."""

    field: str
    detail: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details; some types add members of their own."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="stable; GET it to read what it means", examples=["/problems/id-invalid"])
    title: str
    status: int
    detail: str = Field(description="what is wrong this time")
    next: str = Field(description="what to do about it")
    field: str | None = Field(default=None, description="the part of the request at fault, if one is")
    errors: list[FieldError] | None = Field(default=None, description="all of them, if several can be")


READS = (
    REQUEST_INVALID,
    DEPLOYMENT_AMBIGUOUS,
    DEPLOYMENT_UNKNOWN,
    MIRROR_EMPTY,
    MIRROR_OF_ANOTHER_VERSION,
    NOT_THERE_YET,
)
"""What every operation that reads the mirror can answer with."""
READS_PAST = (*READS, BLOCK_UNKNOWN)
"""The same, for operations that take a ``block``."""
LISTS = (CURSOR_INVALID,)
"""What paged lists can answer with besides."""
TAKES_A_BODY = (BODY_TOO_LARGE, BODY_TOO_SLOW, MEDIA_TYPE, TOO_MANY_REQUESTS)
"""What operations that are sent something can answer with besides."""
_ALWAYS = (REQUEST_INVALID, DATABASE_UNAVAILABLE, INTERNAL)


def problems(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's ``responses`` for these kinds and those that can always happen, an example of each."""
    responses: dict[int | str, dict[str, Any]] = {}
    for each in (*kinds, *_ALWAYS):
        response = responses.setdefault(
            each.status,
            {
                "description": each.title,
                "content": {
                    "application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/ProblemBody"},
                        "examples": {},
                    }
                },
            },
        )
        if each.title not in response["description"]:
            response["description"] += f"; or: {each.title}"
        response["content"]["application/problem+json"]["examples"][each.slug] = {
            "summary": each.title,
            "value": {
                "type": each.type,
                "title": each.title,
                "status": each.status,
                "detail": each.title + ".",
                "next": each.hint,
            },
        }
    return responses
