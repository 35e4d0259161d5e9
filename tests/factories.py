"""``make_…`` functions: each names only what a test is about and fills in the rest."""

import datetime
import io
import itertools

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.flatpages.models import FlatPage
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from crisishub.roles import sync_roles
from crisiswatch.models import Coverage, Development, Edition, Entry, Situation
from editorial.models import Status
from people.models import Appointment, Outlet, Person, Quote
from publications.models import Byline, Publication, Series
from regions.models import Country, Desk, Region

_count = itertools.count(1)


def number():
    return next(_count)


def make_user(**kwargs):
    kwargs.setdefault("username", f"user{number()}")
    return get_user_model().objects.create_user(**kwargs)


def make_editor(**kwargs):
    return make_user(is_staff=True, is_superuser=True, **kwargs)


def make_member(role, **kwargs):
    """Somebody who signs in to the desk with the rights of a role."""
    if not Group.objects.filter(name=role).exists():
        list(sync_roles())
    user = make_user(is_staff=True, **kwargs)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_desk(*regions, members=()):
    desk = Desk.objects.create(name=f"Desk {number()}")
    desk.regions.set(regions)
    desk.members.set(members)
    return desk


def public(**kwargs):
    """The fields of something that everybody may read since yesterday."""
    now = timezone.now()
    user, _ = get_user_model().objects.get_or_create(username="approver")
    return {
        "status": Status.APPROVED,
        "publish_at": now - datetime.timedelta(days=1),
        "approved_at": now,
        "approved_by": user,
        **kwargs,
    }


def hidden_states():
    """The fields of everything that nobody outside may read, by the name of its state."""
    now = timezone.now()
    return {
        "draft": {"status": Status.DRAFT, "publish_at": now - datetime.timedelta(days=1)},
        "in_review": {"status": Status.IN_REVIEW, "publish_at": now},
        "scheduled": public(publish_at=now + datetime.timedelta(days=1)),
        "withdrawn": public(status=Status.WITHDRAWN, withdrawn_at=now),
    }


def picture(name="picture.png", size=(40, 50), colour="firebrick"):
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    return ContentFile(content.getvalue(), name=name)


def pdf(name="report.pdf", note=""):
    """A page with nothing on it; ``note`` makes it another file."""
    content = ContentFile(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        + f"% {note}\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n".encode(),
        name=name,
    )
    content.pages = 1  # As the form knows them, once it has looked.
    return content


def make_region(name=None, countries=(), **kwargs):
    name = name or f"Region {number()}"
    kwargs.setdefault("slug", slug_of(name))
    kwargs.setdefault("introduction", "<p>What is at stake.</p>")
    region = Region.objects.create(name=name, **public(**kwargs))
    if countries:
        region.countries.set(Country.objects.filter(alpha2__in=countries))
        region.draw_globe()
    return region


def make_person(name=None, **kwargs):
    name = name or f"Person {number()}"
    kwargs.setdefault("slug", slug_of(name))
    kwargs.setdefault("sort_name", name)
    return Person.objects.create(name=name, **public(**kwargs))


def make_appointment(person=None, **kwargs):
    kwargs.setdefault("title", "Analyst")
    kwargs.setdefault("started_on", datetime.date(2020, 1, 1))
    return Appointment.objects.create(person=person or make_person(), **kwargs)


def make_outlet(name=None, **kwargs):
    name = name or f"Outlet {number()}"
    return Outlet.objects.create(name=name, slug=slug_of(name), **kwargs)


def make_quote(regions=(), **kwargs):
    kwargs.setdefault("text", f"We said so {number()}.")
    kwargs.setdefault("slug", f"quote-{number()}")
    kwargs.setdefault("said_on", datetime.date(2023, 9, 14))
    kwargs.setdefault("speaker_title", "Analyst")
    for name, make in [("speaker", make_person), ("outlet", make_outlet)]:
        kwargs[name] = kwargs.get(name) or make()
    quote = Quote.objects.create(**public(**kwargs))
    quote.regions.set(regions)
    return quote


def make_series(title=None):
    title = title or f"Series {number()}"
    return Series.objects.create(title=title, slug=slug_of(title))


def somewhere():
    """The region of what a test files nowhere; readers do not see it."""
    unseen = {"name": "Somewhere", "status": Status.DRAFT}
    return [Region.objects.get_or_create(slug="somewhere", defaults=unseen)[0]]


def make_publication(title=None, regions=None, authors=(), tags=(), **kwargs):
    title = title or f"Publication {number()}"
    kwargs.setdefault("slug", slug_of(title))
    kwargs.setdefault("kind", Publication.Kind.REPORT)
    kwargs.setdefault("standfirst", "What it says in two sentences.")
    kwargs.setdefault("body", "<p>What it says.</p>")
    piece = Publication.objects.create(title=title, **public(**kwargs))
    piece.regions.set(somewhere() if regions is None else regions)
    piece.tags.set(tags)
    for position, person in enumerate(authors):
        Byline.objects.create(publication=piece, person=person, position=position)
    return piece


def make_situation(name=None, countries=(), covered=datetime.date(2003, 9, 1), **kwargs):
    """A situation that is monitored from the month ``covered`` on; never where that is None."""
    name = name or f"Situation {number()}"
    kwargs["region"] = kwargs.get("region") or make_region()
    kwargs.setdefault("slug", slug_of(name))
    situation = Situation.objects.create(name=name, **kwargs)
    situation.countries.set(Country.objects.filter(alpha2__in=countries))
    if covered:
        Coverage.objects.create(situation=situation, first_month=covered)
    return situation


def make_edition(month=datetime.date(2024, 6, 1), **kwargs):
    return Edition.objects.create(month=month, **public(**kwargs))


def make_entry(developments=(), **kwargs):
    """An entry; ``developments`` are pairs of a lead sentence and a body."""
    kwargs["edition"] = kwargs.get("edition") or make_edition()
    kwargs["situation"] = kwargs.get("situation") or make_situation()
    kwargs.setdefault("trend", Entry.Trend.UNCHANGED)
    kwargs.setdefault("lead", "The month in one breath.")
    entry = Entry.objects.create(**kwargs)
    for position, (lead_sentence, body) in enumerate(developments):
        Development.objects.create(
            entry=entry, position=position, lead_sentence=lead_sentence, body=body
        )
    return entry


def slug_of(name):
    return name.lower().replace(" ", "-")


def make_newsroom():
    """One object of every kind, with all that it can own."""
    asia = make_region("Asia")
    region = make_region(
        "Korea", countries=["KR", "KP"], parent=asia, image=picture(), image_alt="Hills"
    )
    person = make_person("Han Bora", portrait=picture(), portrait_alt="Han")
    make_appointment(person, region=region, ended_on=datetime.date(2021, 1, 1))
    make_appointment(person, title="Adviser", started_on=datetime.date(2021, 1, 2))
    make_quote([region], speaker=person, text="[He] said:\n\n…no", language="ko")
    series = make_series()
    original = make_publication(
        "Report",
        regions=[asia, region],
        authors=[person],
        tags=["war", "peace"],
        body="<h2>A</h2>\n<p>B</p>",
        number=300,
        licence="cc-by-4.0",
        series=series,
        part=1,
        image=picture(),
        image_alt="A bridge",
    )
    original.bylines.create(outside_name="Someone Else", role="editor", position=5)
    original.findings.create(label="What’s new?", text="<p>This.</p>", position=1)
    original.questions.create(question="Why?", answer="<p>So.</p>", position=1)
    original.recommendations.create(addressee="To all", text="<p>Do it.</p>", position=1)
    original.figures.create(image=picture(), alt="Chart", position=1)
    original.attachments.create(file=pdf(), label="Full report", position=1)
    original.corrections.create(corrected_on=datetime.date(2024, 1, 1), text="Not 3 but 4.")
    make_publication("Rapport", language="fr", translation_of=original)
    for name, state in hidden_states().items():
        make_publication(f"Kept back {name}", **state)
    situation = make_situation("Korea", region=region, countries=["KR"])
    make_entry(
        [("Lead.", "Body."), ("", "One\n\nparagraph: more")],
        situation=situation,
        edition=make_edition(overview="<p>All.</p>"),
        risk_alert=True,
    )
    page = FlatPage.objects.create(url="/about/us/", title="Us", content="<p>We</p>")
    page.sites.set([1])
