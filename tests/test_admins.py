"""Every admin page of every model opens, after a recipe by Adam Johnson."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.redirects.models import Redirect
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from crisishub.settings import INSTALLED_APPS
from editorial.auditing import log
from editorial.models import Event, PreviewLink, Promotion, Revision, ScheduledChange
from publications.models import Publication
from regions.models import Desk
from tests.factories import make_editor, make_newsroom
from tests.newsletter.factories import make_one_of_each as make_newsletter

pytestmark = pytest.mark.django_db

# The table of jobs asks a queue that the tests do not have: theirs are done at once.
ADMINS = [
    (model, modeladmin)
    for model, modeladmin in admin.site._registry.items()
    if model is not DBTaskResult
]
ROOMS = ["editorial", "regions", "people", "publications", "crisiswatch", "newsletter"]


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def everything(editor):
    make_newsroom()
    make_newsletter()
    Group.objects.create(name="Editors")
    Redirect.objects.create(site_id=1, old_path="/old/", new_path="/new/")
    piece = Publication.objects.first()
    revision = Revision.objects.create(piece=piece, number=1, snapshot={}, author=editor)
    now = timezone.now()
    ScheduledChange.objects.create(revision=revision, change_at=now, scheduled_by=editor)
    PreviewLink.objects.create(revision=revision, made_by=editor, expires_at=now)
    Desk.objects.create(name="Asia")
    Promotion.objects.create(words="war", piece=piece)
    log(Event.Action.PUBLISHED, by=editor, piece=piece, from_revision=1, to_revision=2)


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def an_object(model):
    found = model._default_manager.filter(pk__isnull=False).first()
    assert found is not None, f"make a {model.__name__} in this test's fixture"
    return found


def registered():
    """Every model of ours and every other that our settings bring into the admin."""
    return [pytest.param(model, modeladmin, id=model._meta.label) for model, modeladmin in ADMINS]


def test_the_index_opens_and_needs_a_sign_in(client, editor):
    assert client.get(reverse("admin:index")).status_code == 200
    client.logout()
    assert client.get(reverse("admin:index")).status_code == 302


def test_every_model_of_ours_can_be_reached_from_the_admin():
    inlines = {inline.model for _, modeladmin in ADMINS for inline in modeladmin.inlines}
    ours = {model for room in ROOMS for model in apps.get_app_config(room).get_models()}
    nobodys = {model for model in ours if not model._meta.default_permissions}
    assert ours - inlines - nobodys <= {model for model, _ in ADMINS}
    assert "editorial" in INSTALLED_APPS


@pytest.mark.parametrize(("model", "modeladmin"), registered())
def test_every_admin_page_opens(model, modeladmin, client, everything, rf):
    if model is LogEntry:
        return
    obj = an_object(model)
    request = rf.get("/")
    request.user = make_editor()
    addable = modeladmin.has_add_permission(request)
    deletable = modeladmin.has_delete_permission(request, obj)

    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "changelist") + "?q=x").status_code == 200
    assert client.get(address(model, "add")).status_code == (200 if addable else 403)
    if model._meta.proxy:  # The rest is that of the model that it stands for.
        return
    assert client.get(address(model, "change", obj.pk)).status_code == 200
    assert client.get(address(model, "history", obj.pk)).status_code == 200
    status = client.get(address(model, "delete", obj.pk)).status_code
    # What is referred to is not deleted: one is sent back to its page.
    assert status in ({200, 302} if deletable else {403})


@pytest.mark.parametrize(("model", "modeladmin"), registered())
def test_no_admin_page_grows_a_query_for_each_row(
    model, modeladmin, client, everything, django_assert_max_num_queries
):
    with django_assert_max_num_queries(25):
        client.get(address(model, "changelist"))
