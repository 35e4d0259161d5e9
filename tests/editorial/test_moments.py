"""Hours as editors type them: through the field, the form of a piece and their preferences."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import escape
from hypothesis import example, given
from hypothesis import strategies as st

from editorial.models import Preferences
from editorial.moments import MomentField, moments_at, zone_of
from tests import factories

BRUSSELS, LORD_HOWE, APIA = "Europe/Brussels", "Australia/Lord_Howe", "Pacific/Apia"


class Form(forms.Form):
    at = MomentField(required=False)


def typed(day, hour, which="", zone=BRUSSELS):
    """The form as it comes back from the browser."""
    form = Form({"at_0": day, "at_1": hour, "at_2": which})
    with timezone.override(zone):
        form.full_clean()
    return form


def html_of(form, zone=BRUSSELS):
    with timezone.override(zone):
        return str(form["at"])


def utc(*numbers):
    return datetime.datetime(*numbers, tzinfo=datetime.UTC)


def test_an_hour_is_typed_in_the_zone_of_the_editor():
    assert typed("2024-07-01", "11:00").cleaned_data["at"] == utc(2024, 7, 1, 9)
    assert typed("2024-07-01", "11:00", zone="UTC").cleaned_data["at"] == utc(2024, 7, 1, 11)
    assert typed("2024-07-01", " 11:00:30.5 ").cleaned_data["at"] == utc(2024, 7, 1, 9, 0, 30)


def test_the_field_says_the_zone_and_the_moment_in_utc():
    html = html_of(Form(initial={"at": utc(2024, 7, 1, 22, 30)}))
    for said in ['value="2024-07-02"', 'value="00:30"', BRUSSELS, "1 Jul 2024, 22:30 UTC"]:
        assert said in html


def test_nothing_typed_is_no_moment():
    assert typed("", "").cleaned_data["at"] is None


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("2024-07-01", "", "Say the hour too."),
        ("", "11:00", "Say the day too."),
        ("0001-01-01", "00:00", "Choose a year from 1900 to 2199."),
        ("9999-12-31", "23:59", "Choose a year from 1900 to 2199."),
        ("275760-09-13", "00:00", "Choose a year from 1900 to 2199."),
        ("2023-02-29", "00:00", "There is no such day."),
        ("tomorrow", "noon", "Write the day as year-month-day: 2024-07-01."),
        ("2024-07-01", "24:00", "Write the hour as hours and minutes, from 00:00 to 23:59."),
        ("2024-07-01", "9 o'clock", "Write the hour as hours and minutes, from 00:00 to 23:59."),
    ],
)
def test_what_is_no_moment_is_refused_with_a_sentence_and_kept(day, hour, sentence):
    form = typed(day, hour)
    assert form.errors["at"] == [sentence]
    assert f'value="{escape(hour)}"' in html_of(form)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "edges"),
    [
        (BRUSSELS, "2024-03-31", "02:30", "from 01:59 (CET) to 03:00 (CEST)"),
        (LORD_HOWE, "2024-10-06", "02:15", "from 01:59 (+1030) to 02:30 (+11)"),
        (APIA, "2011-12-30", "12:00", "from 29 Dec 2011, 23:59 (-10) to 31 Dec 2011, 00:00 (+14)"),
    ],
)
def test_an_hour_that_clocks_leap_over_is_refused_and_its_neighbours_named(zone, day, hour, edges):
    (sentence,) = typed(day, hour, zone=zone).errors["at"]
    assert f"There is no {hour} on this day" in sentence
    assert edges in sentence


def test_an_hour_that_comes_twice_is_asked_about():
    form = typed("2024-10-27", "02:30")
    assert "02:30 comes twice on this day" in form.errors["at"][0]
    html = html_of(form)
    for value, says in [
        ("2024-10-27T00:30:00+00:00", "the first 02:30 (CEST, 00:30 UTC)"),
        ("2024-10-27T01:30:00+00:00", "the second 02:30 (CET, 01:30 UTC)"),
    ]:
        assert f'<option value="{value}">{says}</option>' in html
        chosen = typed("2024-10-27", "02:30", value)
        assert chosen.cleaned_data["at"].isoformat() == value
        assert f'<option value="{value}" selected>' in html_of(chosen)


@pytest.mark.parametrize(
    "which",
    ["2024-10-27T02:30:00+00:00", "2024-10-27T00:30:00", "first", "0001-01-01T00:00+23:59", "٣"],
)
def test_an_answer_that_was_not_offered_is_no_answer(which):
    assert "comes twice" in typed("2024-10-27", "02:30", which).errors["at"][0]


def test_an_answer_for_another_hour_does_not_count():
    form = typed("2024-10-27", "12:00", "2024-10-27T00:30:00+00:00")
    assert form.cleaned_data["at"] == utc(2024, 10, 27, 11)


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=40))
@example("2024-07-01", "11:00", "9999-12-31T23:59:59-12:00")
def test_whatever_is_typed_is_a_moment_or_a_sentence(day, hour, which):
    form = typed(day, hour, which)
    assert form.errors or form.cleaned_data["at"] is None or form.cleaned_data["at"].tzinfo
    assert html_of(form)


ZONES = st.sampled_from([BRUSSELS, LORD_HOWE, APIA, "UTC", "Asia/Seoul", "America/Lima"])


@given(
    st.datetimes(utc(1901, 1, 1).replace(tzinfo=None), utc(2198, 1, 1).replace(tzinfo=None)), ZONES
)
def test_a_form_that_is_sent_back_as_it_was_changes_nothing(naive, zone):
    moment = naive.replace(tzinfo=datetime.UTC)
    with timezone.override(zone):
        field = MomentField()
        parts = field.widget.decompress(moment)
        assert field.clean(parts) == moment
        assert not field.has_changed(moment, parts)
        assert field.has_changed(moment + datetime.timedelta(minutes=1), parts)


@given(
    st.datetimes(utc(1950, 1, 1).replace(tzinfo=None), utc(2100, 1, 1).replace(tzinfo=None)), ZONES
)
def test_every_moment_found_is_one_at_which_clocks_show_that_hour(local, zone):
    local = local.replace(microsecond=0)
    found = moments_at(local, ZoneInfo(zone))
    assert {m.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) for m in found} <= {local}
    if not found:
        with timezone.override(zone), pytest.raises(ValidationError, match="There is no"):
            MomentField().clean([f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}", ""])


# At the desk


@pytest.fixture
def editor(client, db):
    user = factories.make_editor()
    client.force_login(user)
    return user


def test_an_editor_s_zone_holds_at_the_desk_and_for_nobody_else(client, editor, rf):
    assert str(zone_of(editor)) == "UTC"
    response = client.post("/admin/preferences/", {"time_zone": "Asia/Seoul"}, follow=True)
    assert "KST" in response.content.decode()
    assert str(zone_of(editor)) == "Asia/Seoul"
    at = utc(2024, 6, 30, 22, 30)
    draft = factories.make_publication(publish_at=at, status="draft")
    form = client.get(f"/admin/publications/publication/{draft.pk}/change/").content.decode()
    for said in ['value="2024-07-01"', 'value="07:30"', "30 Jun 2024, 22:30 UTC"]:
        assert said in form
    factories.make_publication("Report", publish_at=at)
    assert "30 Jun 2024" in client.get("/publications/report/").content.decode()
    assert str(zone_of(factories.make_editor())) == "UTC"
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_zone_of_the_site_can_be_chosen_again(client, editor):
    Preferences.objects.create(user=editor, time_zone="Asia/Seoul")
    assert (
        '<option value="Asia/Seoul" selected>' in client.get("/admin/preferences/").content.decode()
    )
    client.post("/admin/preferences/", {"time_zone": ""})
    assert str(zone_of(editor)) == "UTC"


@pytest.mark.parametrize("wrong", ["Mars/Olympus", "../etc/passwd", "\x00", "x" * 500])
def test_a_zone_that_is_none_is_refused(client, editor, wrong):
    response = client.post("/admin/preferences/", {"time_zone": wrong})
    assert response.context["form"].errors["time_zone"]
    assert not Preferences.objects.exists()


def test_preferences_are_for_those_who_have_signed_in(client, db):
    assert client.get("/admin/preferences/").status_code == 302
