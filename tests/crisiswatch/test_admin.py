import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.forms import change

pytestmark = pytest.mark.django_db


def test_the_form_of_an_edition_takes_no_query_for_each_entry(client):
    client.force_login(factories.make_editor())
    edition = factories.make_edition()
    counts = []
    for more in (3, 9):
        for _ in range(more):
            factories.make_entry(edition=edition)
        client.get(change(edition))
        with CaptureQueriesContext(connection) as queries:
            client.get(change(edition))
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
