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


@pytest.mark.slow
def test_every_admin_page_opens(client, everything, rf):
    """Of every model of ours, and of every other that our settings bring into the admin."""
    request = rf.get("/")
    request.user = make_editor()
    for model, modeladmin in ADMINS:
        if model is not LogEntry:
            open_every_page(model, modeladmin, client, request)


def open_every_page(model, modeladmin, client, request):
    obj = an_object(model)
    addable = modeladmin.has_add_permission(request)
    deletable = modeladmin.has_delete_permission(request, obj)

    def status(page, *args, query=""):
        return client.get(address(model, page, *args) + query).status_code

    assert status("changelist", query="?q=x") == 200, model
    assert status("add") == (200 if addable else 403), model
    if model._meta.proxy:  # The rest is that of the model that it stands for.
        return
    assert status("change", obj.pk) == 200, model
    assert status("history", obj.pk) == 200, model
    # What is referred to is not deleted: one is sent back to its page.
    assert status("delete", obj.pk) in ({200, 302} if deletable else {403}), model


def test_no_list_grows_a_query_for_each_row(client, everything, django_assert_max_num_queries):
    for model, _modeladmin in ADMINS:
        with django_assert_max_num_queries(25, info=model._meta.label):
            assert client.get(address(model, "changelist")).status_code == 200, model
