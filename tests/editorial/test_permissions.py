"""Who may do what to which object: asked directly, and tried by what somebody could send."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from editorial.models import Revision, ScheduledChange, Status
from editorial.permissions import check_desk, may, may_not_because
from tests import factories
from tests.factories import make_member, make_publication, make_region

pytestmark = pytest.mark.django_db

VERBS = ("view", "edit", "submit", "approve", "publish", "withdraw", "delete")


def allowed(user, piece):
    again = type(user)._default_manager.get(pk=user.pk)  # As a request has it.
    return {verb for verb in VERBS if may(again, verb, piece)}


def make_draft(**kwargs):
    kwargs.setdefault("status", Status.DRAFT)
    kwargs.setdefault("approved_at", None)
    return make_publication(approved_by=None, publish_at=None, **kwargs)


def revise(piece, author, **kwargs):
    number = Revision.objects.of(piece).count() + 1
    return Revision.objects.create(piece=piece, number=number, snapshot={}, author=author, **kwargs)


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "verbs"),
        [
            ("Contributor", {"view"}),
            ("Editor", {"view", "edit", "submit", "approve", "delete"}),
            ("Publisher", set(VERBS)),
            ("Newsletter", set()),
            ("Administrator", set()),
        ],
    )
    def test_a_draft_of_somebody_else(self, role, verbs):
        piece = make_draft(created_by=factories.make_user())
        assert allowed(make_member(role), piece) == verbs

    def test_a_contributor_works_on_pieces_of_their_own(self):
        user = make_member("Contributor")
        assert allowed(user, make_draft(created_by=user)) == {"view", "edit", "submit", "delete"}

    def test_a_contributor_drafts_changes_of_a_live_piece_of_their_own(self):
        user = make_member("Contributor")
        assert allowed(user, make_publication(created_by=user)) == {"view", "edit", "submit"}

    def test_whose_role_is_gone_has_no_piece_of_their_own(self):
        assert allowed(factories.make_user(), make_draft(created_by=None)) == set()
        user = make_member("Contributor")
        piece = make_draft(created_by=user)
        user.groups.clear()
        assert allowed(user, piece) == set()

    @pytest.mark.parametrize("change", [{"is_active": False}, {}])
    def test_nobody_and_those_who_left_may_nothing(self, change):
        piece = make_publication()
        assert not any(may(AnonymousUser(), verb, piece) for verb in VERBS)
        user = make_member("Publisher", is_active=False)
        assert allowed(user, piece) == set()

    def test_what_readers_may_have_seen_nobody_deletes(self):
        piece = make_publication()
        for user in (make_member("Publisher"), factories.make_editor()):
            assert allowed(user, piece) == set(VERBS) - {"delete"}
        assert "withdrawn, not deleted" in may_not_because(user, "delete", piece)

    def test_a_contributor_begins_new_pieces_and_an_administrator_none(self):
        model = type(make_publication())
        assert may(make_member("Contributor"), "edit", model())
        assert not may(make_member("Administrator"), "edit", model())


class TestDesks:
    @pytest.fixture
    def world(self):
        asia, africa = make_region("Asia"), make_region("Africa")
        korea = make_region("Korea", parent=asia)
        user = make_member("Publisher")
        factories.make_desk(asia, members=[user])
        return {"asia": asia, "africa": africa, "korea": korea, "user": user}

    def test_an_editor_of_asia_edits_what_lies_in_asia_and_reads_the_rest(self, world):
        asia, africa, korea, user = world.values()
        for here in ([asia], [korea], [korea, africa]):
            assert "edit" in allowed(user, make_publication(regions=here))
        assert allowed(user, make_publication(regions=[africa])) == {"view"}
        assert allowed(user, make_publication(regions=[])) == set(VERBS) - {"delete"}

    def test_regions_people_quotes_situations_and_entries_lie_somewhere_too(self, world):
        _asia, africa, korea, user = world.values()

        def one_of_each(region):
            person = factories.make_person()
            factories.make_appointment(person, region=region)
            situation = factories.make_situation(region=region)
            month = datetime.date(2024, 1 + region.pk % 12, 1)
            entry = factories.make_entry(situation=situation, edition=factories.make_edition(month))
            return [region, person, factories.make_quote([region]), situation, entry]

        assert all(may(user, "edit", each) for each in one_of_each(korea))
        assert not any(may(user, "edit", each) for each in one_of_each(africa))

    def test_an_edition_is_everybodys(self, world):
        assert may(world["user"], "edit", factories.make_edition())

    def test_who_is_on_no_desk_and_superusers_edit_everywhere(self, world):
        piece = make_publication(regions=[world["africa"]])
        boss = factories.make_editor()
        factories.make_desk(world["asia"], members=[boss])
        assert may(boss, "edit", piece)
        assert may(make_member("Editor"), "edit", piece)

    def test_who_is_on_a_desk_without_a_region_edits_only_what_lies_nowhere(self, world):
        user = make_member("Editor")
        factories.make_desk(members=[user])
        assert allowed(user, make_publication(regions=[world["asia"]])) == {"view"}
        assert "edit" in allowed(user, make_publication(regions=[]))

    def test_two_desks_look_after_both_their_parts(self, world):
        factories.make_desk(world["africa"], members=[world["user"]])
        for region in (world["korea"], world["africa"]):
            assert "edit" in allowed(world["user"], make_publication(regions=[region]))

    def test_a_piece_cannot_be_moved_off_one_s_desk(self, world):
        asia, africa, _korea, user = world.values()
        piece = make_publication(regions=[asia])
        assert may(user, "edit", piece)
        piece.regions.set([asia, africa])
        check_desk(user, piece)
        piece.regions.set([africa])
        with pytest.raises(ValidationError, match="out of the part of the world"):
            check_desk(user, piece)

    def test_a_region_cannot_be_moved_off_one_s_desk(self, world):
        _asia, africa, korea, user = world.values()
        assert may(user, "edit", korea)
        korea.parent = africa
        korea.save()
        with pytest.raises(ValidationError):
            check_desk(user, korea)

    def test_rights_cost_the_same_however_large_the_world_is(
        self, world, django_assert_max_num_queries
    ):
        for _each in range(20):
            make_region(parent=world["korea"])
        piece = make_publication(regions=[world["korea"]])
        user = type(world["user"]).objects.get(pk=world["user"].pk)
        # Permissions 2, desks 1, the tree 1; then the regions of the piece once for each verb.
        with django_assert_max_num_queries(4 + len(VERBS)):
            assert all(may(user, verb, piece) for verb in VERBS if verb != "delete")

    def test_who_is_on_no_desk_is_asked_once(self, world, django_assert_num_queries):
        piece = make_publication(regions=[world["korea"]])
        user = type(world["user"]).objects.get(pk=make_member("Publisher").pk)
        with django_assert_num_queries(3):
            assert all(may(user, verb, piece) for verb in VERBS if verb != "delete")


class TestTwoPeople:
    @pytest.fixture(autouse=True)
    def rule(self, settings):
        settings.TWO_PERSON_RULE = True

    @pytest.mark.parametrize(
        "make_releaser", [lambda: make_member("Publisher"), factories.make_editor]
    )
    def test_who_wrote_the_newest_revision_does_not_release_it(self, make_releaser):
        author = make_releaser()
        piece = make_draft()
        revise(piece, make_member("Editor"))
        assert {"approve", "publish"} <= allowed(author, piece)
        revise(piece, author)
        assert allowed(author, piece) & {"approve", "publish"} == set()
        assert "You wrote the newest revision" in may_not_because(author, "approve", piece)
        assert "approve" in allowed(make_member("Editor"), piece)

    def test_a_revision_that_was_given_up_or_set_aside_does_not_count(self):
        author, piece = make_member("Publisher"), make_publication()
        revise(piece, make_member("Editor"))
        revise(piece, author, discarded_at=timezone.now())
        revise(piece, author, is_aside=True)
        assert "publish" in allowed(author, piece)

    def test_taking_back_and_saving_wait_for_nobody(self):
        author, piece = make_member("Publisher"), make_publication()
        revise(piece, author)
        assert allowed(author, piece) == {"view", "edit", "submit", "withdraw"}

    def test_is_off_unless_the_operator_wants_it(self, settings):
        settings.TWO_PERSON_RULE = False
        author, piece = make_member("Publisher"), make_publication()
        revise(piece, author)
        assert {"approve", "publish"} <= allowed(author, piece)


def typed(**changes):
    """What the form of a publication sends, for somebody who writes it by hand."""
    parts = "bylines findings questions recommendations figures attachments corrections"
    management = {
        f"{part}-{name}": 0 for part in parts.split() for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {
        **management,
        "image_ppoi": "0.5x0.5",
        "kind": "report",
        "title": "Forged",
        "slug": "forged",
        "standfirst": "Forged.",
        "body": "<p>Forged.</p>",
        "licence": "reserved",
        "language": "en",
        **changes,
    }


def state(piece):
    """All that a request could change of it."""
    row = type(piece).objects.filter(pk=piece.pk).values().first()
    revisions = list(Revision.objects.of(piece).values("number", "published_at", "discarded_at"))
    pending = list(ScheduledChange.objects.of(piece).values("applied_at", "cancelled_at"))
    return row, revisions, pending


BUTTONS = ("_save", "_submit", "_approve", "_publish", "_withdraw", "_rework", "_schedule")
PAGES = ("publish", "schedule", "withdraw", "discard", "delete")


class TestCraftedPosts:
    """A request that no form of ours would have sent changes nothing that it would not offer."""

    @pytest.mark.parametrize("role", ["Contributor", "Newsletter", "Administrator"])
    @pytest.mark.parametrize("make", [make_draft, make_publication])
    def test_somebody_else_s_piece_stays_as_it_is(self, client, role, make):
        piece = make(created_by=make_member("Contributor"))
        revise(piece, make_member("Editor"))
        before = state(piece)
        client.force_login(make_member(role))
        change = f"/admin/publications/publication/{piece.pk}/change/"
        for button in BUTTONS:
            assert client.post(change, typed(**{button: "1"})).status_code == 403
        for page in PAGES:
            data = {"version": piece.version, "reason": "Because.", "post": "yes"}
            path = f"/admin/publications/publication/{piece.pk}/{page}/"
            assert client.post(path, data).status_code == 403
        assert state(piece) == before

    def test_a_piece_on_another_desk_stays_as_it_is(self, client):
        publisher = make_member("Publisher")
        factories.make_desk(make_region("Asia"), members=[publisher])
        piece = make_publication(regions=[make_region("Africa")])
        before = state(piece)
        client.force_login(publisher)
        change = f"/admin/publications/publication/{piece.pk}/change/"
        for button in BUTTONS:
            assert client.post(change, typed(**{button: "1"})).status_code == 403
        assert client.get(change).status_code == 200
        assert state(piece) == before

    @pytest.mark.parametrize("button", ["_approve", "_publish", "_schedule", "_withdraw"])
    def test_a_contributor_does_not_release_a_piece_of_their_own(self, client, button):
        contributor = make_member("Contributor")
        piece = make_draft(created_by=contributor)
        client.force_login(contributor)
        change = f"/admin/publications/publication/{piece.pk}/change/"
        data = typed(**{button: "1", "status": "approved", "_version": piece.version})
        assert client.post(change, data).status_code == 302
        piece.refresh_from_db()
        assert (piece.title, piece.status) == ("Forged", Status.DRAFT)
        assert (piece.approved_at, piece.approved_by) == (None, None)
        for page in ("publish", "schedule", "withdraw"):
            path = f"/admin/publications/publication/{piece.pk}/{page}/"
            tomorrow = timezone.now() + datetime.timedelta(days=1)
            data = {"version": piece.version, "at_0": f"{tomorrow:%Y-%m-%d}", "at_1": "09:00"}
            assert client.post(path, data).status_code == 403
        piece.refresh_from_db()
        assert piece.status == Status.DRAFT

    def test_a_contributor_s_change_of_their_own_live_piece_is_a_draft(self, client):
        contributor = make_member("Contributor")
        piece = make_publication("True", created_by=contributor)
        client.force_login(contributor)
        change = f"/admin/publications/publication/{piece.pk}/change/"
        for button in ("_save", "_publish", "_rework", "_withdraw"):
            piece.refresh_from_db()
            data = typed(**{button: "1", "title": button, "_version": piece.version})
            client.post(change, data)
            assert Revision.objects.of(piece).standing().newest().snapshot["title"] == button
        piece.refresh_from_db()
        assert (piece.title, piece.status) == ("True", Status.APPROVED)
        drafts = Revision.objects.of(piece).filter(author=contributor)
        assert not drafts.filter(published_at__isnull=False).exists()

    def test_a_contributor_does_not_take_back_what_others_have_scheduled(self, client):
        contributor = make_member("Contributor")
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        piece = make_publication("True", created_by=contributor, publish_at=tomorrow)
        client.force_login(contributor)
        change = f"/admin/publications/publication/{piece.pk}/change/"
        client.post(change, typed(_rework="1", _version=piece.version))
        piece.refresh_from_db()
        assert (piece.title, piece.status) == ("True", Status.APPROVED)

    def test_an_editor_does_not_move_a_piece_off_their_desk(self, client):
        asia, africa = make_region("Asia"), make_region("Africa")
        editor = make_member("Editor")
        factories.make_desk(asia, members=[editor])
        client.force_login(editor)
        for make in (make_draft, make_publication):
            piece = make(regions=[asia])
            before = state(piece)
            data = typed(_save="1", regions=[africa.pk], _version=piece.version)
            page = client.post(f"/admin/publications/publication/{piece.pk}/change/", data)
            assert "out of the part of the world" in page.content.decode()
            assert state(piece) == before
            assert list(piece.regions.all()) == [asia]

    def test_fields_that_the_form_only_shows_are_not_taken(self, client):
        contributor, other = make_member("Contributor"), factories.make_user()
        piece = make_draft(created_by=contributor)
        client.force_login(contributor)
        client.post(
            f"/admin/publications/publication/{piece.pk}/change/",
            typed(
                _save="1",
                _version=piece.version,
                status="approved",
                approved_by=other.pk,
                approved_at_0="2024-01-01",
                approved_at_1="09:00",
                created_by=other.pk,
                version=99,
                withdrawn_because="Forged.",
            ),
        )
        piece.refresh_from_db()
        assert piece.title == "Forged"
        assert piece.created_by == contributor
        assert (piece.status, piece.approved_by) == (Status.DRAFT, None)
        assert piece.withdrawn_because == ""
        assert piece.version < 99

    def test_an_editor_does_not_add_a_correction(self, client):
        piece = make_publication()
        client.force_login(make_member("Editor"))
        data = typed(
            _save="1",
            _version=piece.version,
            **{
                "corrections-TOTAL_FORMS": 1,
                "corrections-0-corrected_on": "2024-01-01",
                "corrections-0-text": "Forged.",
            },
        )
        client.post(f"/admin/publications/publication/{piece.pk}/change/", data)
        assert not piece.corrections.exists()
        draft = Revision.objects.of(piece).standing().newest().snapshot
        assert (draft["title"], draft["corrections"]) == ("Forged", [])

    def test_under_the_two_person_rule_nobody_releases_what_they_have_just_typed(
        self, client, settings
    ):
        settings.TWO_PERSON_RULE = True
        piece = make_draft()
        revise(piece, make_member("Contributor"))
        client.force_login(make_member("Publisher"))
        change = f"/admin/publications/publication/{piece.pk}/change/"
        client.post(change, typed(_approve="1", _version=piece.version))
        piece.refresh_from_db()
        assert (piece.title, piece.status) == ("Forged", Status.DRAFT)
