"""axe-core on every type of public page: light and dark, English and Hebrew, narrow and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "home": "/",
    "regions": "/regions/",
    "region": "/regions/korean-peninsula/",
    "region of regions": "/regions/asia/",
    "updates": "/regions/korean-peninsula/updates/",
    "publications": "/publications/",
    "some publications": "/publications/?kind=report",
    "topics": "/topics/",
    "search": "/search/?q=korea",
    "nothing found": "/search/?q=xyzzyplugh",
    "publication": "/publications/reopening-kaesong/",
    "people": "/people/",
    "person": "/people/",
    "quotes": "/in-the-news/",
    "crisiswatch": "/crisiswatch/",
    "edition": "/crisiswatch/2024/06/",
    "entry": "/crisiswatch/2024/06/korean-peninsula/",
    "old entry": "/crisiswatch/2020/04/korean-peninsula/",
    "print edition": "/crisiswatch/2024/06/print/",
    "months": "/crisiswatch/archive/",
    "situations": "/crisiswatch/situations/",
    "situation": "/crisiswatch/situations/nile-basin/",
    "about crisiswatch": "/crisiswatch/about/",
    "database": "/crisiswatch/database/?q=korea&situation=korean-peninsula",
    "flat page": "/about/",
    "not found": "/no-such-page/",
    "check your inbox": "/newsletter/check-your-inbox/",
    "expired link": "/newsletter/confirm/no-token/",
}

NARROW, WIDE = 320, 1280
# Two looks have both languages, both colour schemes and both widths.
LOOKS = [("", "light", NARROW), ("/he", "dark", WIDE)]


def first_of(page, path):
    """The address of the first person, or of the page itself."""
    page.goto(path)
    return page.locator("main a[href*='/people/']").first.get_attribute("href")


def complaints(page):
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    only = {"resultTypes": ["violations"]}
    found = page.evaluate("only => axe.run(only).then((found) => found.violations)", only)
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
    ]


def turn(page, scheme, width):
    """Light or dark, narrow or wide; what fades to other colours has them then."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    faded = "document.getAnimations().map((each) => each.finished)"
    page.evaluate(f"() => Promise.all({faded}).then(() => null)")


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_needs_sideways_scrolling(page, name):
    path = first_of(page, "/people/") if name == "person" else PAGES[name]
    wrong = []
    for prefix, scheme, width in LOOKS:
        turn(page, scheme, width)
        page.goto(f"{prefix}{path}")
        where = f"{prefix}{path} {scheme} {width}"
        wrong += [f"{where}: {each}" for each in complaints(page)]
        for each in (NARROW, WIDE):
            turn(page, scheme, each)
            if too_wide(page):
                wrong.append(f"{prefix}{path} is wider than {each}")
    assert not wrong


@pytest.mark.parametrize("prefix", ["", "/he"])
def test_a_keyboard_reaches_the_content_first(page, prefix):
    page.goto(f"{prefix}/regions/korean-peninsula/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
