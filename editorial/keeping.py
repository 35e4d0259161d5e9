"""
What the browser keeps of a form until the server has it (``static/js/desk/keep.js``).

Each form that is opened has a token of its own; the browser makes it and sends it as
``form_token``. A saved one is named on the pages that follow, and the browser forgets what it had
kept for it. The names stay for a while: reading a page changes nothing, and the next page may be
another tab's.
"""

import re

FIELD = "form_token"
REMEMBERED = 20
TOKEN = re.compile(r"[0-9a-f]{8,64}")


def mark_saved(request) -> None:
    """Note that all that was typed in the posted form is saved; to be called after a success."""
    token = request.POST.get(FIELD, "")
    saved = request.session.get("saved_forms", [])
    if TOKEN.fullmatch(token) and token not in saved:
        request.session["saved_forms"] = [*saved, token][-REMEMBERED:]
