"""
Who gets what, for every address and every method: generated from the URLconf and the admin.

A route that no line below knows fails the build, with its name. Say here who may open it (GET) and
who may act by it (POST), and what an outsider is to get stays said.
"""

import datetime
import itertools
import logging
from functools import partial

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.redirects.models import Redirect
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from crisishub.desk import Desk
from crisiswatch.models import Edition, Entry
from crisiswatch.releasing import release
from editorial.auditing import log
from editorial.models import Event, PreviewLink, Promotion, Publishable, Revision, ScheduledChange
from editorial.sharing import token_of
from editorial.snapshots import take_snapshot
from newsletter.models import Issue, Subscriber
from newsletter.tokens import Purpose, make_token
from people.models import Person, Quote
from publications.citing import FORMS
from publications.models import KINDS, Publication
from regions.models import Region
from tests import factories
from tests.newsletter.factories import make_one_of_each as make_newsletter

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.one_database]

MEMBERS = {
    "A": "nobody",
    "O": "somebody from outside with an account",
    "S": "staff without a role",
    "C": "Contributor",
    "E": "Editor",
    "X": "Editor of another desk",
    "P": "Publisher",
    "N": "Newsletter",
    "M": "Administrator",
    "R": "superuser",
}
STAFF = "SCEXPNMR"
EVERYBODY = "AO" + STAFF

# Who may view, add, edit, publish and delete what. The pieces are live, in Asia, and nobody's own.
PIECE = {"view": "CEXPR", "add": "CEXPR", "edit": "EPR", "publish": "PR", "delete": ""}
REGION = PIECE | {"view": "CEXPMR"}  # Administrators choose some for a desk.
EDITION = {"view": "CEXPR", "add": "EXPR", "edit": "EXPR", "publish": "PR", "delete": ""}
ENTRY = {"view": "CEXPR", "add": "CEXPR", "edit": "EPR", "delete": ""}
SITUATION = {"view": "CEXPR", "add": "EXPR", "edit": "EPR", "delete": "EPR"}
FILED_UNDER = {"view": "CEXPR", "add": "CEXPR", "edit": "EXPR", "delete": "EXPR"}
PROMOTED = dict.fromkeys(["view", "add", "edit", "delete"], "EXPR")
TOPIC = {"view": "CEXPR", "add": "EXPR", "edit": "EXPR", "delete": "EXPR"}
COUNTRY = {"view": "CEXPR", "add": "R", "edit": "R", "delete": "R"}
RECORD = {"view": "EXPR", "add": "", "edit": "", "delete": ""}
LOG = {"view": "MR", "add": "", "edit": "", "delete": ""}
HOUSEKEEPING = dict.fromkeys(["view", "add", "edit", "delete"], "MR")
ISSUE = dict.fromkeys(["view", "add", "edit", "publish"], "NR") | {"delete": ""}
WORDING = dict.fromkeys(["view", "add", "edit", "delete"], "NR")
SUPPRESSION = {"view": "NR", "add": "NR", "edit": "", "delete": ""}
SUBSCRIBER = {"view": "NR", "add": "", "edit": "NR", "delete": "NR"}
LEDGER = {"view": "NR", "add": "", "edit": "", "delete": ""}
MODELS = {
    "regions.region": REGION,
    "people.person": PIECE,
    "people.quote": PIECE,
    "publications.publication": PIECE | {"translate": "CEPR"},
    **{kind._meta.label_lower: PIECE for kind in KINDS},
    "crisiswatch.edition": EDITION,
    "crisiswatch.entry": ENTRY,
    "crisiswatch.situation": SITUATION,
    "people.outlet": FILED_UNDER,
    "publications.series": FILED_UNDER,
    "taggit.tag": TOPIC,
    "regions.country": COUNTRY,
    "editorial.promotion": PROMOTED,
    "regions.desk": HOUSEKEEPING,
    "auth.user": HOUSEKEEPING,
    "auth.group": HOUSEKEEPING,
    "redirects.redirect": HOUSEKEEPING,
    "flatpages.flatpage": HOUSEKEEPING,
    "editorial.revision": RECORD,
    "editorial.scheduledchange": RECORD,
    "editorial.previewlink": RECORD,
    "editorial.event": LOG,
    "newsletter.issue": ISSUE,
    "newsletter.wording": WORDING,
    "newsletter.suppression": SUPPRESSION,
    "newsletter.subscriber": SUBSCRIBER,
    "newsletter.subscription": LEDGER,
    "newsletter.consent": LEDGER,
    "newsletter.signup": LEDGER,
    "newsletter.delivery": LEDGER,
    "django_tasks_database.dbtaskresult": {"view": "R", "add": "", "edit": "", "delete": ""},
}

NOT_SO = "405"  # Whoever gets so far is told that this method has no use here.
NOT_THERE = "404"
# For each page of an object: the right that it takes to open it, and to act by it.
PAGES = {
    "changelist": ("view", "view"),
    "add": ("add", "add"),
    "change": ("view", "edit"),
    "delete": ("delete", "delete"),
    "history": ("view", "view"),
    "references": ("view", "view"),
    "preview": ("view", "edit"),
    "add_preview": (NOT_THERE, "add"),
    "links": ("view", "edit"),
    "revoke_link": (NOT_SO, "edit"),
    "presence": (NOT_SO, "edit"),
    "compare": ("view", "view"),
    "restore": (NOT_SO, "edit"),
    "merge": ("edit", "edit"),
    "discard": ("edit", "edit"),
    "publish": ("publish", "publish"),
    "schedule": ("publish", "publish"),
    "withdraw": ("publish", "publish"),
    "translate": ("translate", "translate"),
    "cancel": (NOT_SO, "publish"),
    "password_change": ("edit", "edit"),
    "csv": ("view", "view"),
    "from_word": ("add", "add"),
    "start": (NOT_SO, "add"),
    "sheet": ("view", NOT_SO),
    # Whoever reads the month is shown a row that is not what they changed; test_sheet saves some.
    "sheet_row": (NOT_SO, "view"),
    "sheet_people": (NOT_SO, "view"),
    "dry_run": ("view", "edit"),
    "take_out": ("delete", "delete"),
    "split": ("edit", "edit"),
}
# Every other route: who may open it, and who may act by it.
ROUTES = {
    "admin:index": (STAFF, STAFF),
    "admin:calendar": (STAFF, STAFF),
    "admin:search": (STAFF, STAFF),
    "admin:preferences": (STAFF, STAFF),
    "admin:login": (EVERYBODY, EVERYBODY),
    "admin:logout": (NOT_SO, STAFF),
    "admin:password_change": (STAFF, STAFF),
    "admin:password_change_done": (STAFF, NOT_SO),
    "admin:jsi18n": (STAFF, NOT_SO),
    "admin:autocomplete": ("CEXPMR", NOT_SO),
    "admin:view_on_site": (STAFF, STAFF),
    "admin:app_list": ("CEXPMR", "CEXPMR"),
    "admin:<path:object_id>/": (STAFF, STAFF),
    "admin:(?P<url>.*)$": (NOT_THERE, NOT_THERE),
    "api_nothing": (NOT_THERE, NOT_SO),
}
PUBLIC = """
    robots favicon sitemap sitemap_of sitemap_news search search_titles opensearch
    home page editorial:media editorial:shared editorial:shared_media
    publications:corrections publications:corrections_feed
    regions:regions regions:region regions:updates people:people people:person people:quotes
    people:quote publications:publications publications:publication publications:feed
    publications:cite_bib publications:cite_ris publications:cite_json
    publications:region_feed publications:person_feed publications:topic_feed
    publications:kind_feed publications:podcast_feed publications:topics publications:topic
    publications:markdown publications:republish publications:pdf
    crisiswatch:feed crisiswatch:editions crisiswatch:edition crisiswatch:entry crisiswatch:map
    crisiswatch:archive crisiswatch:situations crisiswatch:situation crisiswatch:about
    crisiswatch:print crisiswatch:database crisiswatch:database_csv crisiswatch:database_jsonl
    crisiswatch:situation_feed crisiswatch:situation_changes_feed crisiswatch:changes_feed
    crisiswatch:data crisiswatch_data:versions crisiswatch_data:latest crisiswatch_data:versioned
    crisiswatch_data:latest_of_month crisiswatch_data:versioned_of_month
    newsletter:sign_up newsletter:check_your_inbox newsletter:confirm newsletter:preferences
    newsletter:unsubscribe
    api_guide api:api-root api:openapi-json api:index
    api:editions api:edition api:entries api:entry api:situations api:situation
    api:publications api:publication api:people api:person api:quotes api:quote
    api:regions api:region api:countries api:country
""".split()
# What somebody at the desk may see there before readers do.
LOOKS_AT_ITS_READER = {"editorial:media"}
# Opening these is an event of its own, or leaves a trace that is meant: see their own tests.
LEAVES_A_TRACE = {"editorial:shared"}
TRACES = {"django_session", "editorial_presence"}


def walk(resolver=None, namespace=""):
    """Every route: its name (or its pattern, where it has none) and the names of its arguments."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield f"{namespace}{each.name or each.pattern}", list(each.pattern.regex.groupindex)
        else:
            yield from walk(each, f"{namespace}{each.namespace}:" if each.namespace else namespace)


def kinds():
    """The models of the admin by the beginning of the names of their routes."""
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_": model
        for model in admin.site._registry
    }


def page_of(name):
    """The model and the page of an admin route, or a pair of None."""
    for beginning, model in kinds().items():
        if name.startswith(beginning):
            return model, name.removeprefix(beginning)
    return None, None


def expected(name):
    """Who may GET and who may POST. Raises ``LookupError`` for a route that no line knows."""
    if name in ROUTES:
        return ROUTES[name]
    if name in PUBLIC:
        return EVERYBODY, EVERYBODY
    model, page = page_of(name)
    if model is None or page not in PAGES or model._meta.label_lower not in MODELS:
        raise LookupError(name)
    rights = MODELS[model._meta.label_lower]
    return tuple(rights.get(right, right) for right in PAGES[page])


def is_classified(name):
    try:
        return bool(expected(name))
    except LookupError:
        return False


def test_every_route_is_classified():
    unknown = [name for name, _arguments in walk() if not is_classified(name)]
    assert not unknown, "say in tests/test_matrix.py who may what there"


def test_no_line_speaks_of_a_route_that_is_gone():
    names = {name for name, _arguments in walk()}
    pages = {page_of(name)[1] for name in names}
    models = {model._meta.label_lower for model in admin.site._registry}
    assert {*ROUTES, *PUBLIC} <= names
    assert PAGES.keys() <= pages
    assert MODELS.keys() == models


# One of everything, and the address of each route


class House:
    """A house with one of everything; ``members`` are the users by their letters."""

    def __init__(self):
        factories.make_newsroom()
        make_newsletter()
        asia = Region.objects.get(slug="asia")
        self.members = {
            "A": None,
            "O": factories.make_user(),
            "S": factories.make_user(is_staff=True),
            "X": factories.make_member("Editor"),
            "R": factories.make_editor(),
            **{letter: factories.make_member(MEMBERS[letter]) for letter in "CEPNM"},
        }
        factories.make_desk(asia, members=[self.members["E"], self.members["P"]])
        factories.make_desk(factories.make_region("Africa"), members=[self.members["X"]])
        Group.objects.create(name="Translators")
        Promotion.objects.create(words="war", piece=asia)
        Redirect.objects.create(site_id=1, old_path="/old/", new_path="/new/")
        Issue.objects.update(**factories.public())
        for model in (Issue, Region, Person, Quote, Publication, Edition):
            self.revise(one(model))
        log(Event.Action.PUBLISHED, by=self.members["R"], piece=asia)
        release(Edition.objects.all())

    def revise(self, piece):
        """Give a live piece a scheduled change with a link to it, a draft and a text set aside."""
        author, later = self.members["R"], timezone.now() + datetime.timedelta(days=1)
        facts = {"piece": piece, "snapshot": take_snapshot(piece), "author": author}
        Revision.objects.create(number=1, published_at=piece.publish_at, **facts)
        scheduled = Revision.objects.create(number=2, based_on=1, **facts)
        Revision.objects.create(number=3, based_on=1, **facts)
        Revision.objects.create(number=4, based_on=1, is_aside=True, **facts)
        ScheduledChange.objects.create(revision=scheduled, change_at=later, scheduled_by=author)
        PreviewLink.objects.create(revision=scheduled, made_by=author, expires_at=later)


CHOSEN = {
    Region: {"slug": "asia"},
    Publication: {"slug": "report", "licence": "cc-by-4.0"},
    Group: {"name": "Translators"},
    User: {"username": "approver"},
    Revision: {"content_type__model": "publication"},
    ScheduledChange: {"revision__content_type__model": "publication"},
    PreviewLink: {"revision__content_type__model": "publication"},
}


def one(model):
    """The object of a kind that its routes are tried with: of pieces, a live one in Asia."""
    found = model._default_manager.filter(**CHOSEN.get(model, {}))
    return (found.public() if issubclass(model, Publishable) else found).first()


def of_an_object(model):
    """What stands in the addresses of an object's pages; an entry has its edition's revisions."""
    obj = one(model)
    revisions = Revision.objects.of(obj.edition if model is Entry else obj)
    change = ScheduledChange.objects.filter(revision__in=revisions).first()
    link = PreviewLink.objects.filter(revision__in=revisions).first()
    return {
        **dict.fromkeys(["pk", "object_id", "id"], obj.pk),
        "change": change and change.pk,
        "entry": model is Edition and obj.entries.first().pk,
        "slug": model is Edition and obj.entries.first().situation.slug,
        "number": {"revoke_link": link and link.pk, "restore": 1, "merge": 4},
    }


def of_anything_else():
    """What stands in the other addresses; where routes differ, by the name of the route."""
    publication, subscriber = one(Publication), Subscriber.objects.first()
    link = PreviewLink.objects.get(revision__in=Revision.objects.of(publication))
    shared = dict.fromkeys(["editorial:shared", "editorial:shared_media"], token_of(link))
    return {
        "slug": {
            **dict.fromkeys(["regions:region", "regions:updates"], "asia"),
            "publications:region_feed": "asia",
            **dict.fromkeys(["publications:topic", "publications:topic_feed"], "war"),
            "publications:person_feed": one(Person).slug,
            "publications:publication": "report",
            **{f"publications:cite_{form}": "report" for form in FORMS},
            "publications:markdown": "report",
            "publications:republish": "report",
            "publications:pdf": "report",
            "people:person": one(Person).slug,
            "people:quote": one(Quote).slug,
            "crisiswatch:entry": one(Entry).situation.slug,
            "api:region": "asia",
            "api:publication": "report",
            "api:person": one(Person).slug,
            "api:quote": one(Quote).slug,
            "crisiswatch:situation": one(Entry).situation.slug,
            "crisiswatch:situation_feed": one(Entry).situation.slug,
            "crisiswatch:situation_changes_feed": one(Entry).situation.slug,
        },
        "token": shared | {f"newsletter:{each}": make_token(each, subscriber) for each in Purpose},
        "month": one(Edition).month,
        "name": "entries.csv",
        "number": 1,
        "code": one(Entry).situation.code,
        "country": "KOR",
        "rest": "nowhere",
        "path": publication.image.name,
        "url": "about/us/",
        "content_type_id": ContentType.objects.get_for_model(Publication).pk,
        "object_id": publication.pk,
        "app_label": "regions",
        "kind": "report",
        "section": "publications",
    }


QUERIES = {
    "admin:autocomplete": "?app_label=publications&model_name=publication&field_name=regions",
}
NAMELESS = {
    "admin:<path:object_id>/": "/admin/regions/region/1/",
    "admin:(?P<url>.*)$": "/admin/nowhere/",
}


def addresses():
    """Every route with its address in the house."""
    models = set(kinds().values()) - {DBTaskResult}  # Its page asks a queue that tests do not have.
    known = {model: of_an_object(model) for model in models}
    known[None] = of_anything_else()
    found = {}
    for name, names in walk():
        model, page = page_of(name)
        if name in NAMELESS:
            found[name] = NAMELESS[name]
        elif model in known and is_classified(name):
            assert set(names) <= known[model].keys(), f"say what stands in the address of {name}"
            values = {each: known[model][each] for each in names}
            for each, value in values.items():
                values[each] = value[page or name] if isinstance(value, dict) else value
            found[name] = reverse(name, kwargs=values) + QUERIES.get(name, "")
    return found


# What is to be answered, and what is


def wanted(letter, name, who):
    """The answer that somebody is to get on a route that is open to these."""
    if name.startswith("admin:") and name != "admin:login" and letter not in STAFF:
        return "refused"
    if who in (NOT_SO, NOT_THERE):
        return who
    return "answered" if letter in who else "refused"


def answer(name, response):
    """What somebody got: an answer, a refusal, or word that there is no such thing."""
    status, to = response.status_code, response.headers.get("Location", "")
    if status == 302 and to.startswith("/admin/login/"):
        return "refused"
    if status == 302 and to == "/admin/" and name != "admin:login":
        return "refused"  # Back to the beginning: there is no such thing, for them.
    if status == 403 or (status == 404 and name == "admin:app_list"):
        return "refused"
    if status == 405 and name in PUBLIC:
        return "answered"
    if status in (404, 405):
        return str(status)
    return "answered" if status < 500 else "broken"


def read(response):
    """To its end, which closes what it streams."""
    if response.streaming:
        b"".join(response)
    return response


def fingerprint():
    """What stands in the database, table by table."""
    every = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return {
        model._meta.db_table: repr(list(model._base_manager.order_by("pk").values_list()))
        for model in every
        if model._meta.db_table not in TRACES
    }


def is_the_same_for_all(name):
    """Whether it is a public page that does not look at its reader."""
    return name in PUBLIC and name not in LOOKS_AT_ITS_READER


def has_looked_at_its_reader(request):
    session = getattr(request, "session", None)  # What programs ask does not come so far.
    return (session and session.accessed) or hasattr(request, "_cached_user")


def changed(before):
    after = fingerprint()
    return {table for table in before if before[table] != after[table]}


@pytest.fixture
def house(monkeypatch):
    """Refusals without their page, which says the same to everybody and takes its time."""
    logging.disable()
    for status in (403, 404):
        plain = partial(refuse, status=status)
        monkeypatch.setattr(f"crisishub.urls.handler{status}", plain, raising=False)
    yield House()
    logging.disable(logging.NOTSET)


@pytest.fixture
def bare_pages(monkeypatch):
    """
    Who may open a page is settled before its template is rendered, which takes most time; the
    list of all that there is on the desk stands in each of its pages.
    """
    all_there_is = Desk.get_app_list

    def of_one_app(desk, request, app_label=None):
        return all_there_is(desk, request, app_label) if app_label else []

    def leave_bare():
        monkeypatch.setattr("django.template.base.Template.render", lambda self, context: "")
        monkeypatch.setattr(Desk, "get_app_list", of_one_app)

    return leave_bare


def refuse(request, exception, status):
    return HttpResponse(status=status)


def heads(letter, names):
    """
    The routes that are asked by HEAD too: of each page one, by who sees all and who sees least.
    Django sends those who have signed in away from its sign-in only after GET.
    """
    alike = (None, Publication)
    every = [name for name in names if page_of(name)[0] in alike and name != "admin:login"]
    return every if letter in "AR" else []


def in_full(letter, names):
    """What is rendered: of each page of the desk one, for who sees all; others see no more."""
    return {name for name in heads(letter, names) if name not in PUBLIC} if letter == "R" else set()


class Walk:
    """
    Somebody tries every route; ``wrong`` says where the answer was not the one that is due. Where
    none is looked at, somebody who sees all and somebody who has not signed in stand for all.
    """

    def __init__(self, letter, client):
        self.letter, self.client, self.wrong = letter, client, []
        self.routes = {
            name: address
            for name, address in addresses().items()
            if letter in "AR" or not is_the_same_for_all(name)
        }
        self.may_act = {
            name for name in self.routes if wanted(letter, name, expected(name)[1]) == "answered"
        }

    def look(self, method, name):
        response = getattr(self.client, method)(self.routes[name])
        who = expected(name)[method == "post"]
        got, due = answer(name, response), wanted(self.letter, name, who)
        self.expect(got == due, f"{method} {name}: {got} ({response.status_code}), not {due}")
        read(response)
        looked = is_the_same_for_all(name) and has_looked_at_its_reader(response.wsgi_request)
        self.expect(not looked, f"{method} {name} looks at its reader")
        return response.status_code

    def expect(self, is_so, sentence):
        if not is_so:
            self.wrong.append(sentence)

    def look_by_head(self, got):
        for name in heads(self.letter, got):
            head = read(self.client.head(self.routes[name]))
            said = f"head {name}: {head.status_code}, where get has {got[name]}"
            self.expect(head.status_code == got[name], said)


@pytest.mark.parametrize("letter", MEMBERS, ids=MEMBERS.get)
def test_everybody_gets_what_they_may_and_nothing_else(letter, house, client, bare_pages):
    if house.members[letter]:
        client.force_login(house.members[letter])
    walk = Walk(letter, client)
    before = fingerprint()
    quiet = walk.routes.keys() - LEAVES_A_TRACE
    got = {name: walk.look("get", name) for name in in_full(letter, quiet)}
    bare_pages()
    got |= {name: walk.look("get", name) for name in quiet - got.keys()}
    walk.look_by_head(got)
    assert not changed(before), "GET changes nothing"
    for name in walk.routes.keys() - walk.may_act:
        walk.look("post", name)
    assert not changed(before), "a refused POST changes nothing"
    for name in sorted(walk.routes.keys() & (LEAVES_A_TRACE | walk.may_act) - {"admin:logout"}):
        walk.look("post" if name in walk.may_act else "get", name)
    assert not walk.wrong, "\n".join(walk.wrong)


def test_no_address_has_a_use_for_other_methods(house, client):
    client.force_login(house.members["R"])
    before = fingerprint()
    for address, method in itertools.product(addresses().values(), ["put", "delete"]):
        assert getattr(client, method)(address).status_code == 405, f"{method} {address}"
    assert not changed(before)
