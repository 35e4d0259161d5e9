"""The API does as its OpenAPI document says: schemathesis asks what that allows, and more."""

import subprocess
import sys

import pytest
from django.urls import reverse
from openapi_spec_validator import OpenAPIV31SpecValidator

from crisiswatch.models import Edition
from editorial.api.answering import Item, Part
from publications.api import PublicationItem
from tests import factories

ARGUMENTS = ["--checks=all", "--phases=examples,coverage,fuzzing", "--seed=1", "--warnings=off"]


@pytest.mark.audit
@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing_that_the_document_does_not_say(live_server, tmp_path):
    factories.make_newsroom()
    Edition.objects.get().corrections.create(text="Not 3 but 4.")
    address = live_server.url + reverse("api:openapi-json")
    result = subprocess.run(
        [
            *[sys.executable, "-m", "schemathesis.cli", "run", address, f"--url={live_server.url}"],
            *[*ARGUMENTS, "--max-examples=5"],
        ],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-20_000:]


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.django_db
def test_the_document_is_openapi_3_1(client):
    document = client.get(reverse("api:openapi-json")).json()
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_no_two_schemas_share_a_name():
    """In the document one would take the place of the other."""
    every = [*Item.__subclasses__(), *Part.__subclasses__(), *PublicationItem.__subclasses__()]
    names = [schema.__name__ for schema in every]
    assert len(names) == len({*names}) > 15
