"""The desk offers each kind of publication by itself, with what that kind has."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from editorial.models import Revision
from publications.models import KINDS, Publication
from tests import factories
from tests.forms import change, send

pytestmark = pytest.mark.django_db

LIST = "/admin/publications/{}/"


@pytest.fixture
def editor(client):
    user = factories.make_editor()
    client.force_login(user)
    return user


def form_of(client, path):
    """The names of the fields in their order, and those of the relations whose rows it has."""
    page = client.get(path).context
    rows = [inline.formset.prefix for inline in page["inline_admin_formsets"]]
    return [field.name for line in page["adminform"] for f in line for field in named(f)], rows


def named(line):
    return [field.field for field in line if not field.is_readonly]


def test_every_kind_has_its_name_at_the_desk():
    assert [kind.of_kind for kind in KINDS] == Publication.Kind.values


def test_the_kinds_follow_the_list_of_all_in_their_own_order(client, editor):
    rooms = {room["app_label"]: room for room in client.get("/admin/").context["app_list"]}
    names = [model["name"] for model in rooms["publications"]["models"]]
    assert names[:4] == ["All publications", "Reports", "Briefings", "Q&As"]
    assert names[-2:] == ["Speeches", "Series"]


def test_the_list_of_a_kind_has_its_pieces_and_leads_to_an_empty_form_of_it(client, editor):
    report = factories.make_publication("A report")
    factories.make_publication("A speech", kind="speech")
    page = client.get(LIST.format("report"))
    assert list(page.context["cl"].queryset) == [report]
    html = page.content.decode()
    assert f'href="{change(report)}' in html
    assert f'href="{LIST.format("report")}add/" class="addlink">Add Report<' in html
    assert "<h1>Reports</h1>" in html


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("report", {"number", "numbered_in", "summary", "findings"}, {"questions", "media_url"}),
        ("questions", {"questions", "body"}, {"recommendations", "findings", "number", "summary"}),
        ("podcast", {"media_url", "number"}, {"summary", "original_outlet", "numbered_in"}),
        ("speech", {"bylines", "figures"}, {"recommendations", "questions", "media_url"}),
    ],
)
def test_an_empty_form_has_what_its_kind_has(client, editor, kind, has, lacks):
    fields, rows = form_of(client, LIST.format(kind) + "add/")
    assert has <= {*fields, *rows}
    assert not lacks & {*fields, *rows}


def test_an_op_ed_is_asked_first_where_it_ran_first(client, editor):
    fields, _rows = form_of(client, LIST.format("oped") + "add/")
    assert fields[:3] == ["original_outlet", "original_url", "kind"]


def test_the_form_of_any_publication_has_everything(client, editor):
    fields, rows = form_of(client, "/admin/publications/publication/add/")
    assert {"number", "media_url", "summary", "original_outlet"} <= set(fields)
    assert {"questions", "findings", "recommendations"} <= set(rows)


def test_a_new_piece_of_a_kind_gets_the_page_that_every_piece_has(client, editor):
    outlet = factories.make_outlet()
    changes = {"title": "Elsewhere", "slug": "elsewhere", "original_outlet": outlet.pk}
    page = send(client, LIST.format("oped") + "add/", **changes)
    piece = Publication.objects.get()
    assert (piece.kind, piece.original_outlet, piece.created_by) == ("op_ed", outlet, editor)
    assert page.url == change(piece)
    assert Revision.objects.of(piece).count() == 1


def test_a_piece_of_another_kind_keeps_what_that_kind_has_not(client, editor):
    piece = factories.make_publication(status="draft", number=7, summary="<p>In short.</p>")
    piece.findings.create(label="What’s new?", text="<p>This.</p>")
    send(client, change(piece), kind="podcast", media_url="https://example.org/7")
    piece.refresh_from_db()
    assert (piece.kind, piece.media_url) == ("podcast", "https://example.org/7")
    fields, rows = form_of(client, change(piece))
    assert {"media_url", "summary", "number"} <= set(fields)
    assert "findings" in rows
    assert "recommendations" not in rows
    send(client, change(piece), subtitle="Episode seven")
    piece.refresh_from_db()
    assert (piece.summary, piece.findings.count()) == ("<p>In short.</p>", 1)


def test_what_was_typed_for_another_kind_comes_back_with_the_mistakes(client, editor):
    rows = {"questions-TOTAL_FORMS": "1", "questions-0-question": "Why now?"}
    page = send(
        client, LIST.format("questions") + "add/", kind="speech", title="", refused=True, **rows
    )
    shown = [inline.formset for inline in page.context["inline_admin_formsets"]]
    assert [s.forms[0]["question"].value() for s in shown if s.prefix == "questions"] == [
        "Why now?"
    ]


def test_a_kind_needs_the_rights_on_publications_and_has_none_of_its_own(client):
    assert not Permission.objects.filter(
        content_type__model__in=[kind._meta.model_name for kind in KINDS]
    )
    for role, status in [("Contributor", 200), ("Newsletter", 403)]:
        client.force_login(factories.make_member(role))
        for page in ("", "add/"):
            assert client.get(LIST.format("report") + page).status_code == status
        offered = client.get("/admin/").context["begin"]
        assert ("Report" in dict(offered)) == (status == 200)


def test_the_desk_finds_and_queues_a_piece_once_whatever_its_kind(client, editor):
    send(client, LIST.format("report") + "add/", title="Only Once", slug="only-once")
    found = client.get(reverse("admin:search") + "?q=only+once").context["groups"]
    assert [len(group.found) for group in found] == [1]
    assert [str(item.piece) for item in client.get("/admin/").context["mine"].shown] == [
        "Only Once"
    ]
