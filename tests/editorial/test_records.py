import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import drafting
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_list_of_revisions_takes_no_query_for_each_line(client):
    client.force_login(factories.make_editor())
    counts = []
    for more in (3, 9):
        for _ in range(more):
            drafting.keep_how_it_was_found(factories.make_quote())
            drafting.keep_how_it_was_found(factories.make_publication())
        client.get("/admin/editorial/revision/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/admin/editorial/revision/")
        counts.append(len(queries))
    assert page.context["cl"].result_count == 24
    assert counts[0] == counts[1]
