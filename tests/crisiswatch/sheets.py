"""The sheet of a month, as its page's own script uses it."""

from django.test import Client

from tests import factories

TEXT = "**Talks resumed.** Ministers met.\n\nThe border stayed shut."
PAIRS = [("Talks resumed.", "Ministers met."), ("", "The border stayed shut.")]


def sheet_of(edition, page=""):
    return f"/admin/crisiswatch/edition/{edition.pk}/sheet/{page}"


def ask(client, edition, **data):
    """What the page asks every few seconds."""
    return client.post(sheet_of(edition, "people/"), data).json()


def token(client, edition, situation):
    return ask(client, edition)["tokens"].get(str(situation.pk), "")


def write(client, edition, situation, **changes):
    """Save what was changed in a row, as the page's own script does."""
    its = changes.pop("token", None)
    data = {"token": token(client, edition, situation) if its is None else its, **changes}
    path = sheet_of(edition, f"rows/{situation.slug}/")
    data["fields"] = " ".join(changes)
    return client.post(path, data, headers={"Accept": "application/json"})


def row(client, edition, situation):
    return rows(client, edition)[situation.name]


def rows(client, edition, query=""):
    page = client.get(sheet_of(edition) + query).context
    return {row.situation.name: row for row in page["sheet"].rows}


def shown(client, edition, query):
    return {name for name, row in rows(client, edition, query).items() if not row.is_hidden}


def as_member(role, *regions, **kwargs):
    member = factories.make_member(role, **kwargs)
    if regions:
        factories.make_desk(*regions, members=[member])
    client = Client()
    client.force_login(member)
    return client, member
