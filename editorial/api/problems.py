"""What goes wrong, as programs read it: problem details (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from pydantic import BaseModel, Field

from editorial.addresses import absolute

MEDIA_TYPE = "application/problem+json"
# For each status: its name in the address of its type, and what it means in any case.
KINDS = {
    400: ("bad-request", "Something in the question was not understood."),
    404: ("not-found", "There is nothing at this address, or not yet."),
    405: ("method-not-allowed", "This API is read-only: ask with GET or HEAD."),
    410: ("gone", "This was public once and has been withdrawn."),
    414: ("question-too-long", "The question is longer than any that has an answer here."),
    429: ("too-many-requests", "You have asked more often than is allowed. Wait, and go on."),
    500: ("our-mistake", "Something broke on our side. It has been written down."),
    503: ("catching-up", "Words cannot be looked for in this minute. Please come back."),
}


class Wrong(BaseModel):
    """One thing that is wrong in a question, and how to mend it."""

    field: str = Field(description="The parameter that is meant.", examples=["trend"])
    detail: str = Field(description="What is wrong with it.")
    remedy: str = Field(description="What to say instead.")


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(
        description="The address of a text about problems of this kind.",
        json_schema_extra={"format": "uri"},
    )
    title: str = Field(description="The reason phrase of the status.", examples=["Bad Request"])
    status: int = Field(description="The status of the answer.", examples=[400])
    detail: str = Field(description="What went wrong, for people.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[Wrong] = Field(default=[], description="What is wrong in the question, if it is.")


class Refused(Exception):
    """A question with something wrong in it; answers 400, or another status."""

    def __init__(self, *errors: Wrong, status=400):
        super().__init__(*errors)
        self.errors, self.status = errors, status


def address_of_kind(name: str) -> str:
    return absolute(f"{reverse('api_guide')}#{name}")


def problem(request, status: int, detail="", errors=(), **headers) -> JsonResponse:
    """Answer with what went wrong; ``detail`` says more than the kind of problem does."""
    name, meaning = KINDS.get(status, ("", ""))
    said = Problem(
        type=address_of_kind(name) if name else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or meaning,
        instance=iri_to_uri(request.path),
        errors=list(errors),
    )
    facts = said.model_dump(exclude={} if errors else {"errors"})
    response = JsonResponse(facts, status=status, content_type=MEDIA_TYPE, headers=headers)
    response["Cache-Control"] = "no-store"
    return response
