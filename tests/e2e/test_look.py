"""Readable for everybody: contrast, no sideways scrolling, real labels, the same header everywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from coach.domain.model import Member
from tests.e2e.conftest import REFLECTION, Site, send

pytestmark = pytest.mark.browser
SIZES = {
    "laptop": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
    "narrow": {"width": 320, "height": 640},
}

# The contrast of every visible text with what lies under it (WCAG 2.2, 1.4.3), in the page's own colours.
CONTRAST = """() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = (top, under) => {
    const alpha = top[3] ?? 1;
    return top.slice(0, 3).map((part, i) => part * alpha + under[i] * (1 - alpha));
  };
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(numbers(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const words = [...element.childNodes].filter((n) => n.nodeType === 3 && n.textContent.trim());
    const isField = element.matches("textarea, input");
    if ((!words.length && !isField) || !element.checkVisibility({ opacityProperty: true })) continue;
    if (element.closest(".unseen, .skip, .toast-wrap, .sr-only")) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    const colours = [["text", style.color]];
    if (isField) colours.push(["placeholder", getComputedStyle(element, "::placeholder").color]);
    for (const [what, colour] of colours) {
      const [a, b] = [light(over(numbers(colour), under)), light(under)].sort((x, y) => y - x);
      const large = parseFloat(style.fontSize) >= 24;
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (large ? 3 : 4.5)) {
        const start = element.textContent.trim().slice(0, 30);
        poor.push(`${what} of ${element.tagName}.${element.className}: ${ratio.toFixed(2)} ${start}`);
      }
    }
  }
  return poor;
}"""

UNNAMED = """() => [...document.querySelectorAll("input, textarea, button, a[href]")]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.labels?.length || e.getAttribute("aria-label") || e.textContent.trim()))
  .map((e) => e.outerHTML.slice(0, 120))"""


def look_at(page: Page, name: str) -> None:
    poor = page.evaluate(CONTRAST)
    assert poor == [], f"{name}: hard to read"
    assert page.evaluate(UNNAMED) == [], f"{name}: a control without a name"
    wide, view = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= view, f"{name}: scrolls sideways"
    assert page.locator("h1").count() >= 1, f"{name}: no heading"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_read(browser: Browser, site: Site, member: Member, size: str, theme: str) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    look_at(page, "sign-in")
    page.goto(site.link(member))
    look_at(page, "link")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("body.ready")
    look_at(page, "empty")
    send(page, REFLECTION + " TIMEOUT")
    for kind in ("angle", "why", "source"):
        page.locator(f".act-{kind}").click()
    look_at(page, "turn")
    page.locator("a.open-source").first.click()
    page.wait_for_selector("#sheet .document")
    look_at(page, "sheet")
    page.keyboard.press("Escape")
    page.locator("#words textarea").fill("x" * 19_000)
    page.locator("#words textarea").fill("FULLDISK again")
    page.locator("#send").click()
    page.wait_for_selector("#notice .wrong:visible")
    look_at(page, "failure")
    page.locator("#words textarea").fill("SLOW thought")
    page.locator("#send").click()
    page.wait_for_selector("#status.thinking-line")
    look_at(page, "thinking")
    page.wait_for_selector("#thread .entry >> nth=1")
    site.coach.reflect.ask(member.id, None, "CRISIS")
    for entry in site.coach.book.entries[member.id][-1:]:
        page.goto(f"{site.url}/journal/{entry.conversation_id}")
        look_at(page, "signpost")
    for path in ("/journal", "/my-data", "/sources/case-slides", "/nowhere"):
        page.goto(f"{site.url}{path}")
        look_at(page, path)
    context.close()


def test_reflect_and_the_other_pages_share_one_header(reflect: Page, site: Site) -> None:
    def header(page: Page) -> list[object]:
        return page.evaluate(
            """() => [...document.querySelectorAll("header.top, header.top :is(a, button)")].map((e) => {
                const box = e.getBoundingClientRect(), style = getComputedStyle(e);
                const type = [style.fontFamily, style.fontSize, style.backgroundColor];
                return [e.textContent.trim(), box.x, box.y, box.height, ...type];
            })"""
        )

    here = header(reflect)
    reflect.goto(f"{site.url}/journal")
    assert header(reflect) == here


def test_gradio_shows_nothing_of_itself(reflect: Page) -> None:
    expect(reflect.locator("footer")).to_be_hidden()
    for word in ("Gradio", "API", "Settings"):
        assert reflect.get_by_text(word, exact=False).locator("visible=true").count() == 0


def test_the_page_is_there_before_gradio_is(site: Site, reflect: Page) -> None:
    """The header and a line of text come with the document itself, for slow phones."""
    reflect.route("**/reflect/assets/**", lambda route: route.abort())
    reflect.goto(f"{site.url}/reflect/")
    expect(reflect.get_by_role("link", name="Journal")).to_be_visible()
    expect(reflect.locator("#opening")).to_have_text("Your page is opening.")


def test_a_text_written_from_right_to_left_stands_so(reflect: Page) -> None:
    send(reflect, "אני כותבת את המצגת שלו בלילה.\n\nAnd one line in English.")
    directions = reflect.locator("#thread .own p").evaluate_all(
        "all => all.map((p) => getComputedStyle(p).direction)"
    )
    assert directions == ["rtl", "ltr"]
