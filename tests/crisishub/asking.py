"""How the tests ask the API."""

COLLECTIONS = "editions entries situations publications people quotes regions countries".split()


def get(client, path, status=200, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == status, response.content.decode()
    return response.json()


def items(client, path, **query):
    return get(client, path, **query)["items"]


def whole(client, path, **query):
    """All items of a collection, page by page, as ``next`` leads."""
    page = get(client, path, **query)
    found = page["items"]
    while page["next"]:
        response = client.get(page["next"].removeprefix("http://testserver"))
        assert response.status_code == 200
        page = response.json()
        found += page["items"]
    return found
