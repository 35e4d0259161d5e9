"""Who is followed, and how a situation is renamed, split and joined, at its own page."""

import datetime

import pytest

from crisiswatch.models import Coverage, Edition, Situation
from regions.models import Country
from tests import factories
from tests.forms import change, fields_of, send, value_of

pytestmark = pytest.mark.django_db

APRIL, MAY, JUNE, JULY = (datetime.date(2024, month, 1) for month in (4, 5, 6, 7))


@pytest.fixture
def editor(client):
    client.force_login(factories.make_editor())


@pytest.fixture
def sudan(editor):
    return factories.make_situation("Sudan", countries=["SD"])


def rows(situation):
    found = situation.coverage.values_list("level", "first_month", "last_month")
    return list(found.order_by("first_month"))


def cover(number, first, last="", level="monitored", pk=""):
    row = {"level": level, "first_month": first, "last_month": last, "id": pk}
    return {f"coverage-{number}-{name}": value for name, value in row.items()}


def said(response):
    return " ".join(str(error) for error in response.context["errors"])


class TestTheFormOfASituation:
    def test_one_save_ends_a_coverage_and_begins_the_next(self, client, sudan):
        changes = cover(0, "2003-09", "2024-05", pk=sudan.coverage.get().pk)
        more = cover(1, "2024-06", level="standby")
        send(client, change(sudan), **changes, **more, **{"coverage-TOTAL_FORMS": 2})
        first = datetime.date(2003, 9, 1)
        assert rows(sudan) == [("monitored", first, MAY), ("standby", JUNE, None)]

    def test_a_boundary_moves_in_one_save(self, client, sudan):
        sudan.coverage.update(first_month=APRIL, last_month=MAY)
        later = sudan.coverage.create(first_month=JUNE)
        earlier = sudan.coverage.get(first_month=APRIL)
        changes = cover(0, "2024-04", "2024-06", pk=earlier.pk)
        send(client, change(sudan), **changes, **cover(1, "2024-07", pk=later.pk))
        assert rows(sudan) == [("monitored", APRIL, JUNE), ("monitored", JULY, None)]

    @pytest.mark.parametrize(
        ("first", "last", "sentence"),
        [
            ("2024-06", "", "First month: this time is covered already"),
            ("1999-01", "2003-09", "First month: this time is covered already"),
            ("2002-06", "2002-05", "Last month: it lies before the first one."),
            ("6/2024", "", "“6/2024” is not a month"),
        ],
    )
    def test_a_month_that_would_be_covered_twice_gets_a_sentence(
        self, client, sudan, first, last, sentence
    ):
        more = {**cover(1, first, last), "coverage-TOTAL_FORMS": 2}
        assert sentence in said(send(client, change(sudan), refused=True, **more))
        assert sudan.coverage.count() == 1

    def test_who_is_renamed_keeps_the_old_address_and_the_code(self, client, sudan):
        entry = factories.make_entry(situation=sudan)
        was = entry.get_absolute_url()
        assert "code" not in fields_of(client, change(sudan))
        send(client, change(sudan), name="The Sudans", slug="the-sudans")
        sudan.refresh_from_db()
        assert sudan.code == "sudan"
        for old, new in [(was, "2024/06"), ("/crisiswatch/situations/sudan/", "situations")]:
            assert client.get(old).url == f"/crisiswatch/{new}/the-sudans/"

    @pytest.mark.parametrize(
        ("slug", "sentence"),
        [
            ("print", "“print” leads to another page of each month"),
            ("chad", "Another situation has this address."),
            ("old-chad", "“old-chad” stays the name of “Chad” in data files"),
        ],
    )
    def test_a_slug_that_is_somebody_elses_gets_a_sentence(self, client, sudan, slug, sentence):
        factories.make_situation("Chad", code="old-chad")
        for page in (change(sudan), "/admin/crisiswatch/situation/add/"):
            response = send(client, page, refused=True, name="New", slug=slug)
            assert sentence in said(response)

    def test_two_that_join_into_one_are_named_by_hand(self, client, sudan):
        joined = factories.make_situation("Horn of Africa")
        others = [sudan, factories.make_situation("Chad")]
        send(client, change(joined), continues=[each.pk for each in others])
        assert set(joined.continues.all()) == set(others)


def test_the_list_says_who_is_followed_now(client, sudan, django_assert_num_queries):
    factories.make_situation("Chad").coverage.update(level="standby")
    factories.make_situation("Nepal", covered=None)
    levels = {"monitored": "Sudan", "standby": "Chad", "none": "Nepal"}
    for level, name in levels.items():
        page = client.get(f"/admin/crisiswatch/situation/?now={level}")
        assert [each.name for each in page.context["cl"].result_list] == [name]
    everybody = client.get("/admin/crisiswatch/situation/").content.decode()
    for label in ("monitored", "standby", "not covered"):
        assert f'<td class="field-now">{label}</td>' in everybody


class TestSplitting:
    @pytest.fixture
    def sudan(self, editor):
        return factories.make_situation("Both Sudans", countries=["SD"])

    @pytest.fixture
    def send(self, client, sudan):
        def send(month="2024-06", names=("Sudan", "South Sudan"), **changes):
            data = {"month": month, "form-TOTAL_FORMS": 5, "form-INITIAL_FORMS": 0}
            for number, name in enumerate(names):
                data |= {f"form-{number}-name": name, f"form-{number}-region": sudan.region_id}
            path = change(sudan).replace("change", "split")
            assert client.get(path).status_code == 200
            return client.post(path, {**data, **changes}, follow=True)

        return send

    def test_ends_the_old_one_and_begins_the_new_ones(self, send, sudan):
        country = sudan.countries.get()
        response = send(**{"form-0-countries": [country.pk], "form-1-slug": "south"})
        assert "is followed as: Sudan, South Sudan." in response.content.decode()
        new = Situation.objects.get(slug="south")
        assert (new.name, new.code, new.region) == ("South Sudan", "south", sudan.region)
        assert rows(new) == [("monitored", JUNE, None)]
        assert list(sudan.continued_by.order_by("slug").values_list("name", flat=True)) == [
            "South Sudan",
            "Sudan",
        ]
        first = Situation.objects.get(name="Sudan")
        assert list(first.countries.all()) == [country]
        assert first.globe
        assert rows(sudan) == [("monitored", datetime.date(2003, 9, 1), MAY)]

    def test_level_and_end_are_those_of_the_old_one(self, send, sudan):
        sudan.coverage.update(level="standby", last_month=JULY)
        send()
        for each in sudan.continued_by.all():
            assert rows(each) == [("standby", JUNE, JULY)]

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"month": "2003-09"}, "Both Sudans is covered from September 2003 on"),
            ({"month": "2003-08"}, "Both Sudans is not covered in August 2003."),
            ({"month": ""}, "This field is required."),
            ({"month": "soon"}, "“soon” is not a month"),
            ({"names": ["Sudan"]}, "Name at least two"),
            ({"names": ["Sudan", "Sudan"]}, "duplicate"),
            ({"names": ["Sudan", "Chad"]}, "Another situation has this name."),
            ({"names": ["Sudan", "The Chad"], "form-1-slug": "chad"}, "has this address."),
            ({"names": ["Sudan", "Print"]}, "leads to another page"),
            ({"form-1-region": ""}, "This field is required."),
        ],
    )
    def test_all_or_nothing_and_a_sentence_for_what_is_in_the_way(
        self, send, sudan, asked, sentence
    ):
        factories.make_situation("Chad")
        before = set(Situation.objects.all()), list(Coverage.objects.values_list())
        assert sentence in send(**asked).content.decode()
        assert before == (set(Situation.objects.all()), list(Coverage.objects.values_list()))

    def test_an_entry_of_a_later_month_is_in_the_way(self, send, sudan):
        factories.make_entry(situation=sudan, edition=factories.make_edition(JULY))
        assert "has an entry in July 2024: choose a later month." in send().content.decode()
        assert sudan.coverage.get().last_month is None

    def test_an_entry_of_a_started_month_is_one_step_away(self, send, sudan):
        entry = factories.make_entry(situation=sudan, edition=Edition.objects.create(month=JULY))
        html = send().content.decode()
        assert "has an entry in July 2024: take it out, or choose a later month." in html
        assert f'<a href="{change(entry)}">To the entry</a>' in html

    @pytest.fixture
    def suggested(self, client, sudan):
        sudan.countries.set(Country.objects.filter(alpha2__in=["SD", "SS", "TD"]))
        factories.make_entry(situation=sudan, edition=factories.make_edition(JUNE))
        page = client.get(change(sudan).replace("change", "split")).context
        forms = (page["form"], page["rows"].management_form, *page["rows"])
        return {k: v for form in forms for field in form for k, v in value_of(field).items()}

    def test_the_page_suggests_each_country_and_the_first_free_month(
        self, client, suggested, sudan
    ):
        client.post(change(sudan).replace("change", "split"), suggested | {"form-2-name": "North"})
        found = {each.slug: each for each in sudan.continued_by.all()}
        names = {slug: each.name for slug, each in found.items()}
        assert names == {"chad": "Chad", "south-sudan": "South Sudan", "north": "North"}
        assert [each.alpha2 for each in found["south-sudan"].countries.all()] == ["SS"]
        assert rows(found["north"]) == [("monitored", JULY, None)]

    def test_a_suggestion_of_which_the_name_is_deleted_is_none(self, client, suggested, sudan):
        client.post(change(sudan).replace("change", "split"), suggested | {"form-0-name": ""})
        assert {each.name for each in sudan.continued_by.all()} == {"South Sudan", "Sudan"}

    def test_another_coverage_after_it_is_in_the_way(self, send, sudan):
        sudan.coverage.update(last_month=JUNE)
        sudan.coverage.create(first_month=datetime.date(2025, 1, 1))
        assert "has another coverage after June 2024" in send().content.decode()

    def test_nobody_splits_off_to_another_desk(self, client, send, sudan):
        member = factories.make_member("Editor")
        factories.make_desk(sudan.region, members=[member])
        client.force_login(member)
        elsewhere = factories.make_region()
        answer = send(**{"form-1-region": elsewhere.pk}).content.decode()
        assert "your desk looks after" in answer
        assert Situation.objects.count() == 1

    def test_is_for_those_who_edit_it(self, client, sudan):
        client.force_login(factories.make_member("Contributor"))
        assert client.get(change(sudan).replace("change", "split")).status_code == 403
