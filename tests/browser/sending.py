"""Forms of the desk, sent without opening them in the browser, which takes most of the time."""

import re


def send(page, path, **values):
    """Send a form that is right; returns the address to which the answer leads."""
    [token] = [each["value"] for each in page.context.cookies() if each["name"] == "csrftoken"]
    form = {**values, "csrfmiddlewaretoken": token}
    sent = page.request.post(path, form=form, max_redirects=0)
    assert sent.status == 302, sent.text()
    return sent.headers["location"]


def make(page, model, **values):
    """Make something of these values, with no rows below it; returns the address of its form."""
    add = f"/admin/{model}/add/"
    rows = re.findall(r'name="(\S+_FORMS)" value="(\d+)"', page.request.get(add).text())
    return send(page, add, **dict(rows), **values, _continue="1")
