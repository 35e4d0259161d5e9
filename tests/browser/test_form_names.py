"""Who does not see a form is told what each place of it is for, whatever library has drawn it."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import complaints

# The select boxes and the tables of rows are drawn so by others.
OF_OTHERS = ("list:", "empty-table-header:")


@pytest.mark.slow
def test_every_place_of_a_form_has_a_name(desk):
    desk.goto("/admin/publications/publication/?q=Signature")
    desk.locator("#result_list tbody a").first.click()
    expect(desk.get_by_role("textbox", name="Body")).to_be_visible()
    expect(desk.get_by_role("combobox", name="Series")).to_be_visible()
    desk.get_by_role("button", name="Add another Finding").click()
    added = desk.locator(".dynamic-findings").last
    expect(added.get_by_role("textbox", name="Text")).to_be_visible()
    desk.get_by_role("button", name="Add another Byline").click()
    expect(desk.get_by_role("textbox", name="Or a name from outside").last).to_be_visible()
    assert not [each for each in complaints(desk) if not each.startswith(OF_OTHERS)]
