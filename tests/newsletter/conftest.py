import pytest

from tests.newsletter.factories import ADDRESS, links


class Reader:
    """Somebody with a browser and an inbox. What waits for a commit is done after each request."""

    def __init__(self, client, capture, mailbox):
        self.client, self.capture, self.mailbox = client, capture, mailbox

    def get(self, path, **extra):
        return self.client.get(path, **extra)

    def post(self, path, data=None, **extra):
        with self.capture(execute=True):
            return self.client.post(path, data or {}, **extra)

    def sign_up(self, address=ADDRESS, prefix="", network="192.0.2.1", **fields):
        data = {"address": address, **fields}
        return self.post(f"{prefix}/newsletter/", data, REMOTE_ADDR=network)

    def link(self, name):
        """The path of a link in the newest mail."""
        return links(self.mailbox[-1])[name]

    def subscribe(self, address=ADDRESS, **fields):
        self.sign_up(address, **fields)
        return self.post(self.link("confirm"))


@pytest.fixture
def reader(client, db, django_capture_on_commit_callbacks, mailoutbox):
    return Reader(client, django_capture_on_commit_callbacks, mailoutbox)
