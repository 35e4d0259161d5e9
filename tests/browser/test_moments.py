"""A day and an hour at the desk: UTC follows while they are typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.sending import send


@pytest.fixture
def form(desk):
    send(desk, "/admin/preferences/", time_zone="Europe/Brussels")
    desk.goto("/admin/publications/publication/add/")
    yield desk
    send(desk, "/admin/preferences/", time_zone="")


def fill(form, day, hour):
    form.locator("#id_publish_at_0").fill(day)
    form.locator("#id_publish_at_1").fill(hour)


def test_utc_follows_what_is_typed_and_odd_hours_are_pointed_out(form):
    beside = form.locator(".moment output")
    for day, hour, said in [
        ("2024-07-01", "11:00", "= 1 Jul 2024, 09:00 UTC"),
        ("2024-01-01", "00:30", "= 31 Dec 2023, 23:30 UTC"),
        ("2024-03-31", "02:30", "There is no such hour on this day"),
        ("2024-03-31", "03:00", "= 31 Mar 2024, 01:00 UTC"),
        ("2024-10-27", "02:30", "This hour comes twice on this day"),
        ("2024-10-27", "03:00", "= 27 Oct 2024, 02:00 UTC"),
    ]:
        fill(form, day, hour)
        expect(beside).to_contain_text(said)


def test_an_hour_that_comes_twice_is_asked_about_and_the_answer_kept(form):
    form.locator("#id_title").fill("Twice")
    form.locator("#id_kind").select_option("report")
    form.locator("#id_slug").fill("twice")
    fill(form, "2024-10-27", "02:30")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form.locator(".field-publish_at .errorlist")).to_contain_text("02:30 comes twice")
    form.get_by_label("Which of the two").select_option(label="the second 02:30 (CET, 01:30 UTC)")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form.locator(".messagelist .success")).to_be_visible()
    expect(form.get_by_label("Which of the two")).to_have_value("2024-10-27T01:30:00+00:00")
