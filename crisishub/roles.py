"""
The roles, and what each may do. This table is the only place where that is said.

``manage.py sync_roles`` makes a group of each role and gives it exactly these permissions; groups
that are not named here are nobody's business but the site's own. What a role cannot say (one's own
pieces, desks, the two-person rule) stands in ``editorial.permissions``.
"""

from itertools import product

from django.contrib.auth.models import Group, Permission

PIECES = "regions.region people.person people.quote publications.publication".split()
CRISISWATCH = "crisiswatch.edition crisiswatch.entry".split()
# Rows that belong to a piece: whoever may edit the piece edits them in its form.
PARTS = """
    people.appointment publications.byline publications.finding publications.question
    publications.recommendation publications.figure publications.attachment
""".split()
DEVELOPMENTS = ["crisiswatch.development"]
COVERAGE = ["crisiswatch.coverage"]
FILED_UNDER = "people.outlet publications.series".split()
PROMOTED = ["editorial.promotion"]
TAGS = ["taggit.tag", "taggit.taggeditem"]
SITUATIONS = ["crisiswatch.situation"]
LOOKED_UP = "regions.country publications.correction crisiswatch.correction".split()
RECORDS = "editorial.revision editorial.scheduledchange editorial.previewlink".split()
ALL = "add change delete view"

# Pairs of what may be done and to what.
CONTRIBUTOR = [
    ("add view", PIECES + FILED_UNDER),
    (ALL, PARTS + DEVELOPMENTS),
    # Of the entries, those that they are the author of.
    ("add", ["crisiswatch.entry"]),
    ("view", CRISISWATCH + COVERAGE + SITUATIONS + TAGS + LOOKED_UP),
]
EDITOR = [
    (f"{ALL} approve", [*PIECES, "crisiswatch.edition"]),
    (ALL, [*PARTS, "crisiswatch.entry", *DEVELOPMENTS, *COVERAGE]),
    (ALL, FILED_UNDER + TAGS + SITUATIONS + PROMOTED),
    ("view", LOOKED_UP + RECORDS),
]
PUBLISHER = [
    *EDITOR,
    ("publish", [*PIECES, "crisiswatch.edition"]),
    ("add", ["publications.correction", "crisiswatch.correction"]),
]
NEWSLETTER = [
    (f"{ALL} approve publish", ["newsletter.issue"]),
    (ALL, ["newsletter.wording"]),
    ("add view", ["newsletter.suppression"]),
    ("change delete view", ["newsletter.subscriber"]),
    (
        "view",
        "newsletter.subscription newsletter.consent newsletter.signup newsletter.delivery".split(),
    ),
]
ADMINISTRATOR = [
    (ALL, "auth.user auth.group regions.desk redirects.redirect flatpages.flatpage".split()),
    ("view", ["editorial.event", "regions.region"]),
]
ROLES = {
    "Contributor": CONTRIBUTOR,
    "Editor": EDITOR,
    "Publisher": PUBLISHER,
    "Newsletter": NEWSLETTER,
    "Administrator": ADMINISTRATOR,
}


def permissions_of(role: str) -> set[str]:
    """What a role may do, as Django names it: ``{"regions.view_region", …}``."""
    return {
        f"{app}.{action}_{model}"
        for actions, models in ROLES[role]
        for action, (app, model) in product(actions.split(), (model.split(".") for model in models))
    }


def sync_roles():
    """
    Bring the groups of all roles to the table. Yields each change: role, "+" or "-", permission.

    Raises ``LookupError`` when the table names a permission that does not exist.
    """
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role in ROLES:
        group, _made = Group.objects.get_or_create(name=role)
        wanted = permissions_of(role)
        if missing := wanted - known.keys():
            raise LookupError(f"Run migrate first: there is no {', '.join(sorted(missing))}.")
        held = set(group.permissions.values_list("pk", flat=True))
        given = {name for name, pk in known.items() if pk in held}
        group.permissions.set([known[name] for name in wanted])
        yield from ((role, "+", name) for name in sorted(wanted - given))
        yield from ((role, "-", name) for name in sorted(given - wanted))
