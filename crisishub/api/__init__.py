"""The API: what the rooms answer programs, at ``/api/v1/``. Its document is OpenAPI 3.1."""

from django.http import Http404, HttpResponsePermanentRedirect, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI
from ninja.errors import ValidationError

import crisiswatch.api
import people.api
import publications.api
import regions.api
from crisishub.api.document import finished, parameters_of
from editorial.addresses import absolute
from editorial.api.answering import Moved
from editorial.api.problems import Refused, Wrong, problem
from editorial.middleware import Gone

ROOMS = [crisiswatch.api, publications.api, people.api, regions.api]


class Api(NinjaAPI):
    document = None

    def get_openapi_schema(self, **kwargs):
        """Made once: it is the same for everybody."""
        if self.document is None:
            self.document = finished(super().get_openapi_schema(**kwargs))
        return self.document

    def get_openapi_operation_id(self, operation):
        return operation.view_func.__name__


api = Api(version="1", urls_namespace="api", docs_url=None)
for room in ROOMS:
    api.add_router("", room.router)


@api.get("/", include_in_schema=False)
def index(request):
    """Where to begin."""
    paths = [path for path in api.get_openapi_schema()["paths"] if "{" not in path]
    return JsonResponse(
        {
            "documentation": absolute(reverse("api_guide")),
            "openapi": absolute(reverse("api:openapi-json")),
            "collections": {path.rsplit("/", 1)[1]: absolute(path) for path in paths},
        }
    )


@api.exception_handler(Http404)
def not_there(request, exception):
    return problem(request, 404)


@api.exception_handler(Gone)
def withdrawn(request, exception):
    return problem(request, 410, exception.piece.withdrawn_because)


@api.exception_handler(Moved)
def moved(request, exception):
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(
        absolute(f"{exception.address}?{query}" if query else exception.address)
    )


@api.exception_handler(Refused)
def refused(request, exception):
    return problem(request, exception.status, errors=exception.errors)


@api.exception_handler(ValidationError)
def not_understood(request, exception):
    """What stands in a path is there or not; what stands in a question can be mended."""
    places = {error["loc"][0] for error in exception.errors}
    if "path" in places:
        return problem(request, 404)
    known = parameters_of(api.get_openapi_schema(), request.resolver_match.route)
    wrong = [
        Wrong(
            field=error["loc"][-1],
            detail=error["msg"].removeprefix("Value error, "),
            remedy=known.get(error["loc"][-1], ""),
        )
        for error in exception.errors
    ]
    return problem(request, 400, errors=wrong)


def nothing_here(request, rest):
    """Whatever else below ``/api/`` somebody asks for."""
    return problem(request, 404)
