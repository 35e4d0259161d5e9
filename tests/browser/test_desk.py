"""What an editor does at the desk, key by key, and what readers see of it a moment later."""

import pytest
from playwright.sync_api import expect

LEAD = "Ministers met at the ford; both sides called it a beginning."
DEVELOPMENTS = [
    ("A ceasefire was signed.", "It binds both armies for ninety days."),
    ("The neighbours answered.", "Two capitals offered observers."),
]
QUOTE = "[They] have signed before, and […] kept it for a week."


def choose(page, field, words, name=None):
    """Pick what the words find in an autocomplete field; it may be called otherwise there."""
    page.locator(f"#{field} ~ .select2").click()
    page.keyboard.type(words)
    page.locator(".select2-results__option", has_text=name or words).first.click()


def write(page, field, words):
    page.locator(f".field-{field} [contenteditable=true]").click()
    page.keyboard.type(words)


def press(page, button):
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".errorlist")).to_have_count(0)


def add(page, model):
    page.goto(f"/admin/{model}/add/")


def make_region(page, name, introduction):
    add(page, "regions/region")
    page.get_by_label("Name:").fill(name)
    choose(page, "id_parent", "North East Asia")
    write(page, "introduction", introduction)
    choose(page, "id_countries", "Mongolia")
    press(page, "Approve and publish")


def make_person(page, name, title, region):
    add(page, "people/person")
    page.get_by_label("Name:", exact=True).fill(name)
    page.get_by_label("Name for sorting:").fill(name)
    page.get_by_text("Add another Appointment").click()
    page.locator("#id_appointments-0-title").fill(title)
    page.locator("#id_appointments-0-started_on").fill("2020-01-01")
    choose(page, "id_appointments-0-region", region)
    press(page, "Approve and publish")


def make_quote(page, speaker, region):
    add(page, "people/quote")
    page.locator("#id_text").fill(QUOTE)
    page.locator("#id_said_on").fill("2024-07-02")
    page.locator("#id_slug").fill(f"{region.lower().replace(' ', '-')}-quote")
    choose(page, "id_speaker", speaker)
    choose(page, "id_outlet", "Demonstration Times")
    choose(page, "id_regions", region)
    press(page, "Approve and publish")


def make_publication(page, title, region, author):
    add(page, "publications/publication")
    page.locator("#id_kind").select_option(label="Commentary")
    page.locator("#id_title").fill(title)
    page.locator("#id_standfirst").fill("What the ceasefire says, and what it leaves out.")
    write(page, "body", "It binds both armies.")
    choose(page, "id_regions", region)
    page.get_by_role("button", name="Add another Byline").click()
    choose(page, "id_bylines-0-person", author)
    press(page, "Approve and publish")


def make_entry(page, name, month):
    add(page, "crisiswatch/situation")
    page.get_by_label("Name:").fill(name)
    choose(page, "id_region", name)
    page.get_by_text("Add another Coverage").click()
    page.locator("#id_coverage-0-first_month").fill(month)
    page.locator("#id_coverage-0-last_month").fill(month)
    press(page, "Save")
    add(page, "crisiswatch/edition")
    page.locator("#id_month").fill(month)
    press(page, "Save")
    add(page, "crisiswatch/entry")
    choose(page, "id_edition", month, "January 1995")
    choose(page, "id_situation", name)
    page.locator("#id_trend").select_option("improved")
    page.locator("#id_lead").fill(LEAD)
    for number, (lead_sentence, body) in enumerate(DEVELOPMENTS):
        page.get_by_text("Add another Development").click()
        page.locator(f"#id_developments-{number}-position").fill(str(number + 1))
        page.locator(f"#id_developments-{number}-lead_sentence").fill(lead_sentence)
        page.locator(f"#id_developments-{number}-body").fill(body)
    press(page, "Save")
    page.goto("/admin/crisiswatch/edition/")
    page.locator("#result_list tbody th a").last.click()  # The oldest.
    press(page, "Approve and publish")


@pytest.mark.slow
def test_an_editor_types_a_region_page_from_nothing(desk):
    said = []
    desk.on("console", lambda message: said.append(message.text))
    make_region(desk, "Ford Country", "Two rivers and one road.")
    make_person(desk, "Tula Brookfield", "Envoy", "Ford Country")
    make_quote(desk, "Tula Brookfield", "Ford Country")
    make_publication(desk, "Ninety Days", "Ford Country", "Tula Brookfield")
    make_entry(desk, "Ford Country", "1995-01")

    desk.goto("/regions/ford-country/")
    text = desk.locator("body").inner_text()
    expected = [
        "North East Asia",
        "Ford Country",
        "Two rivers and one road.",
        "CrisisWatch Ford Country",
        "January 1995",
        "Improved Situation",
        LEAD,
        DEVELOPMENTS[0][0],
        "Continue reading",
        "In The News",
        QUOTE,
        "Envoy, Ford Country",
        "Latest Updates",
        "Ninety Days",
        "Our People",
        "Tula Brookfield",
        "Subscribe to",
    ]
    places = []
    for words in expected:
        places.append(text.index(words, places[-1] if places else 0))
    assert not said


def test_the_wording_of_the_sign_up_section_is_changed_in_one_place(desk):
    desk.goto("/admin/regions/region/")
    desk.get_by_role("link", name="Korean Peninsula").click()
    desk.get_by_role("link", name="Email Updates").click()
    desk.locator("#id_language").select_option("en")
    sentence = desk.locator("#id_sentence")
    sentence.fill("One mail, when it matters.")
    press(desk, "Save")
    desk.goto("/regions/korean-peninsula/")
    expect(desk.locator("body")).to_contain_text("One mail, when it matters.")
