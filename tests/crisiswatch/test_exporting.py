"""What was found, as a file."""

import pytest

from crisiswatch.database.exporting import FORMS
from crisiswatch.models import Edition
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


def test_a_stale_index_hands_out_nothing_of_a_month_that_was_withdrawn(client):
    def files():
        responses = [client.get(f"/crisiswatch/database.{form}?q=quagga") for form in FORMS]
        return [b"".join(response).decode() for response in responses]

    make_entry(lead="Quagga.")
    assert all("Quagga." in file for file in files())
    Edition.objects.update(status="withdrawn")  # The index misses it.
    assert not any("Quagga." in file for file in files())
