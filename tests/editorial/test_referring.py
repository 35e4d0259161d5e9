"""Where an object is used: the page that says so, and what is not deleted for that reason."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.flatpages.models import FlatPage
from django.urls import reverse

from crisiswatch.models import Coverage, Situation
from editorial.models import Revision
from editorial.referring import LISTED, references_to
from newsletter.models import Issue
from people.models import Outlet
from publications.models import Publication, Series
from regions.models import Country, Region
from tests import factories
from tests.newsletter.factories import make_issue, make_subscriber

pytestmark = pytest.mark.django_db


def page(obj, name):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


def uses(obj):
    """The names of what refers to it, by kind and field."""
    return {
        (str(group.kind), group.label): [name for name, _address in group.named]
        for group in references_to(obj)
    }


def make_draft_of(piece, **snapshot):
    return Revision.objects.create(piece=piece, number=1, snapshot=snapshot)


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def test_what_stands_alone_is_used_nowhere():
    assert not references_to(factories.make_region(countries=["KR"]))
    assert not references_to(factories.make_situation())
    assert not references_to(factories.make_publication(authors=[factories.make_person()]))


def test_everything_that_is_filed_under_a_region_is_listed():
    region = factories.make_region("Korea")
    factories.make_region("North", parent=region)
    factories.make_appointment(factories.make_person("Han Bora"), region=region)
    factories.make_publication("Report", regions=[region])
    factories.make_situation("Peninsula", region=region)
    assert uses(region) == {
        ("regions", "part of"): ["North"],
        ("people", "appointment, region"): ["Han Bora"],
        ("publications", "regions"): ["Report"],
        ("situations", "region"): ["Peninsula"],
    }


def test_a_person_is_used_by_quotes_and_bylines_not_by_titles():
    person = factories.make_person()
    factories.make_appointment(person)
    factories.make_publication("Report", authors=[person])
    quote = factories.make_quote(speaker=person)
    assert uses(person) == {
        ("publications", "byline, person"): ["Report"],
        ("quotes", "speaker"): [str(quote)],
    }


def test_a_translation_and_a_series_and_an_outlet_know_their_pieces():
    original = factories.make_publication("Report", original_outlet=factories.make_outlet())
    series = factories.make_series()
    factories.make_publication(
        "Rapport", translation_of=original, language="fr", series=series, part=1
    )
    assert uses(original) == {("publications", "translation of"): ["Rapport"]}
    assert uses(series) == {("publications", "series"): ["Rapport"]}
    assert uses(Outlet.objects.get()) == {("publications", "originally published in"): ["Report"]}


def test_the_situation_of_an_entry_leads_to_the_entry():
    entry = factories.make_entry()
    assert uses(entry.situation) == {("entries", "situation"): [str(entry)]}
    assert not references_to(entry.edition)


@pytest.mark.parametrize(
    "link",
    [
        '"/publications/report/"',
        '"/he/publications/report/#part"',
        '"http://testserver/publications/report/?from=mail"',
    ],
)
def test_texts_that_link_to_a_page_are_listed(link):
    piece = factories.make_publication("Report", body=f"<a href={link}>itself</a>")
    factories.make_region("Korea", introduction=f"<p><a href={link}>read</a></p>")
    factories.make_person("Han Bora", biography='<a href="/publications/report/more/">no</a>')
    FlatPage.objects.create(url="/about/", title="About", content=f"<a href={link}>x</a>")
    assert uses(piece) == {
        ("regions", "introduction"): ["Korea"],
        ("flat pages", "content"): ["/about/ -- About"],
    }


def test_a_draft_of_something_live_counts_as_soon_as_it_names_the_object():
    region, person = factories.make_region("Korea"), factories.make_person()
    piece = factories.make_publication("Live")
    body = f'<a href="{region.get_absolute_url()}">there</a>'
    make_draft_of(
        piece, regions=[region.pk], body=body, bylines=[{"pk": 7, "person": person.pk}], gone=[3]
    )
    assert uses(region) == {
        ("publications", "regions"): ["Live"],
        ("publications", "body"): ["Live"],
    }
    assert uses(person) == {("publications", "byline, person"): ["Live"]}
    piece.regions.add(region)
    assert [group.count for group in references_to(region)] == [1, 1]


@pytest.mark.parametrize("fact", ["published_at", "discarded_at"])
def test_a_revision_that_will_not_go_live_does_not_count(fact):
    region = factories.make_region()
    draft = make_draft_of(factories.make_publication(), regions=[region.pk])
    setattr(draft, fact, draft.created_at)
    draft.save()
    assert not references_to(region)


def test_an_older_draft_does_not_count():
    region, piece = factories.make_region(), factories.make_publication()
    make_draft_of(piece, regions=[region.pk])
    Revision.objects.create(piece=piece, number=2, snapshot={"regions": []})
    assert not references_to(region)


def test_a_long_list_is_cut_and_says_so(client, editor):
    outlet = factories.make_outlet()
    for _ in range(LISTED + 13):
        factories.make_quote(outlet=outlet)
    (group,) = references_to(outlet)
    assert (group.count, len(group.named), group.more) == (63, 50, 13)
    assert "and 13 more" in client.get(page(outlet, "references")).content.decode()


def test_queries_do_not_grow_with_the_references(django_assert_max_num_queries):
    region, person = factories.make_region(), factories.make_person()
    for number in range(5):
        factories.make_quote([region], speaker=person)
        piece = factories.make_publication(regions=[region], authors=[person])
        make_draft_of(piece, regions=[region.pk], title=str(number))
    with django_assert_max_num_queries(30):
        references_to(region)


def test_the_page_links_to_every_form_and_the_form_to_the_page(client, editor):
    person = factories.make_person("Han <Bora>", slug="han-bora")
    piece = factories.make_publication("Report", authors=[person])
    assert (
        f'href="{page(person, "references")}"'
        in client.get(page(person, "change")).content.decode()
    )
    html = client.get(page(person, "references")).content.decode()
    assert f'<a href="{page(piece, "change")}"><bdi>Report</bdi></a>' in html
    assert "Han &lt;Bora&gt;" in html


def test_the_page_of_something_that_is_not_there_leads_to_the_desk(client, editor):
    address = reverse("admin:people_outlet_references", args=[10**20])
    assert client.get(address)["Location"] == reverse("admin:index")


def make_reader(*codenames):
    user = factories.make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def test_the_page_needs_the_right_to_view(client):
    outlet = factories.make_outlet()
    client.force_login(make_reader("view_region"))
    assert client.get(page(outlet, "references")).status_code == 403


def test_what_somebody_may_not_read_is_counted_and_not_named(client):
    situation = factories.make_situation()
    make_subscriber("r@example.org", products=()).subscriptions.create(situation=situation)
    client.force_login(make_reader("view_situation"))
    html = client.get(page(situation, "references")).content.decode()
    assert "1 that you have no right to read" in html
    assert "/newsletter/subscription/" not in html


def used_outlet():
    return factories.make_quote().outlet


def used_country():
    return factories.make_region(countries=["KR"]).countries.get()


def used_series():
    return factories.make_publication(series=factories.make_series(), part=1).series


def used_situation():
    return factories.make_entry().situation


def used_region():
    draft = {"status": "draft", "approved_at": None, "approved_by": None}
    region = factories.make_region(**draft)
    factories.make_publication(regions=[region])
    return region


def sent_issue():
    issue = make_issue()
    issue.deliveries.create(subscriber=make_subscriber())
    return issue


@pytest.mark.parametrize(
    "make", [used_outlet, used_country, used_series, used_situation, used_region, sent_issue]
)
def test_what_is_used_is_not_deleted_and_the_page_says_where(client, editor, make):
    obj = make()
    for response in (
        client.get(page(obj, "delete")),
        client.post(page(obj, "delete"), {"post": "yes"}),
    ):
        assert "Nothing was deleted" in response.content.decode()
        assert response.status_code == (200 if response.request["REQUEST_METHOD"] == "GET" else 409)
    assert type(obj).objects.filter(pk=obj.pk).exists()


def test_what_is_used_nowhere_is_deleted(client, editor):
    unused = {
        Outlet: factories.make_outlet(),
        Series: factories.make_series(),
        Situation: factories.make_situation(),
        Issue: make_issue(),
        Country: Country.objects.create(alpha2="XX", alpha3="XXX", name="Nowhere"),
    }
    for model, obj in unused.items():
        client.post(page(obj, "delete"), {"post": "yes"})
        assert not model.objects.filter(pk=obj.pk).exists(), model
    assert not Coverage.objects.exists()


def test_a_draft_that_names_it_keeps_it_too(client, editor):
    outlet = factories.make_outlet()
    make_draft_of(factories.make_publication("Live"), original_outlet=outlet.pk)
    html = client.post(page(outlet, "delete"), {"post": "yes"}).content.decode()
    assert "Live" in html
    assert Outlet.objects.exists()


def test_the_title_of_a_publication_is_shown_as_text(client, editor):
    outlet = factories.make_outlet()
    factories.make_publication("<script>alert(1)</script>", slug="x", original_outlet=outlet)
    assert "<script>alert(1)" not in client.get(page(outlet, "references")).content.decode()
    assert Publication.objects.get().original_outlet == outlet
    assert Region.objects.count() == 1
