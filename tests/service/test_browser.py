"""The dashboard in a real browser: a night from its first message to public, live."""

import re
from collections.abc import Iterator
from time import monotonic

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from boxout.service import Desk
from cli.night import DAY, Night
from service.browser import SWITCHES, found, serving
from service.posted import is_idle, public, pushed, until

pytestmark = [
    pytest.mark.skipif(found() is None, reason="no Chromium on this machine"),
    pytest.mark.slow,
]
TABLE = "player_game_summary"
WAIT_MS = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found(), args=SWITCHES)
        yield opened
        opened.close()


class Looked:
    """A page, and what it complained about or asked elsewhere."""

    def __init__(self, browser: Browser, at: str, width: int = 1280, scheme: str = "light") -> None:
        self.at = at
        size = {"width": width, "height": 900}
        self.page: Page = browser.new_page(viewport=size, color_scheme=scheme)
        self.page.set_default_timeout(WAIT_MS)
        self.ill: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.ill.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.ill.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.at, "data:")):
            self.ill.append(request.url)

    def open(self, path: str) -> Page:
        """The page, once it hears of changes."""
        self.page.goto(self.at + path)
        expect(self.page.locator("#live")).to_have_text("live", timeout=WAIT_MS)
        return self.page


@pytest.fixture
def served(night) -> Iterator[tuple[Night, Desk, str]]:
    """A service with nothing landed."""
    with serving(night) as (desk, at):
        yield night, desk, at


@pytest.fixture
def done(landed) -> Iterator[tuple[Night, Desk, str]]:
    """A service with a night public."""
    with serving(landed) as (desk, at):
        httpx.post(f"{at}/process", json=pushed({"date": DAY}))
        until(lambda: public(desk, TABLE) == sorted(landed.ids) and is_idle(desk))
        yield landed, desk, at


def tell(at: str, name: str) -> None:
    assert httpx.post(f"{at}/process", json=pushed({"object": name})).status_code == 202


def test_a_night_is_followed_from_its_first_message_to_public_without_a_reload(served, browser):
    night, desk, at = served
    look = Looked(browser, at)
    page = look.open("/ui/")
    page.evaluate("window.same = true")
    expect(page.locator("h1")).to_have_text("Nothing yet")
    night.files()
    tell(at, "schedule.csv")
    until(lambda: is_idle(desk))
    page.goto(f"{at}/ui/?date={DAY}")
    page.evaluate("window.same = true")
    row = page.locator("tbody tr", has_text=night.ids[0][11:])
    expect(row.locator("td.why")).to_contain_text("has not arrived", timeout=WAIT_MS)
    tell(at, "gamebook.csv")
    tell(at, "team_boxscore.csv")
    expect(page.locator("#tally")).to_have_text(
        "4 of 4 expected are public and current.", timeout=WAIT_MS
    )
    assert page.evaluate("window.same")
    assert look.ill == []


def test_a_page_shows_within_moments_what_another_way_in_published(done, browser):
    night, desk, at = done
    page = Looked(browser, at).open(f"/ui/?date={DAY}")
    page.wait_for_timeout(1500)
    desk.engine.ledger.waive(night.ids[0], "no film", "kim")
    began = monotonic()
    row = page.locator("tbody tr", has_text=night.ids[0][11:])
    expect(row).to_contain_text("waived", timeout=WAIT_MS)
    assert monotonic() - began < 10  # below a second, but tests run side by side


def test_a_refusal_stands_beside_its_game_with_the_rows(served, browser):
    night, desk, at = served
    night.files()
    night.broken(0)
    for name in ("schedule.csv", "gamebook.csv", "team_boxscore.csv"):
        tell(at, name)
    until(lambda: len(public(desk, TABLE)) == 3 and is_idle(desk))
    look = Looked(browser, at)
    page = look.open(f"/ui/?date={DAY}")
    row = page.locator("tbody tr", has_text=night.ids[0][11:])
    expect(row.locator("td.why")).to_contain_text("sum of players' blk")
    row.locator(f"a[href*='{TABLE}']").click()
    expect(page.locator("#state")).to_contain_text("withheld")
    expect(page.locator(".failure").first).to_contain_text("sum of players' blk")
    assert look.ill == []


def test_what_is_taken_back_is_shown_first_and_undone_by_nobody_else(done, browser):
    night, desk, at = done
    game = night.ids[0]
    look = Looked(browser, at)
    page = look.open(f"/ui/table/{TABLE}/{game}")
    form = page.locator("#take-back")
    form.locator("input[name=reason]").fill("wrong <b>minutes</b>")
    form.locator("input[name=by]").fill("kim")
    form.locator("button").click()
    plan = page.locator("form.plan")
    expect(plan.locator("tbody tr")).to_have_count(3, timeout=WAIT_MS)
    expect(plan).to_contain_text("wrong <b>minutes</b> (kim)")
    before = desk.engine.ledger.head()
    plan.locator("button").click()
    expect(page.locator("#decided")).to_contain_text(f"publication {before + 1}", timeout=WAIT_MS)
    expect(page.locator("#state")).to_contain_text("withdrawn", timeout=WAIT_MS)
    (latest,) = desk.engine.ledger.publications(1)
    assert (latest.kind, latest.reason) == ("rollback", "wrong <b>minutes</b> (kim)")
    assert look.ill == []


def test_a_plan_that_is_out_of_date_does_nothing(done, browser):
    night, desk, at = done
    page = Looked(browser, at).open(f"/ui/table/{TABLE}/{night.ids[0]}")
    form = page.locator("#take-back")
    form.locator("input[name=reason]").fill("wrong minutes")
    form.locator("input[name=by]").fill("kim")
    form.locator("button").click()
    expect(page.locator("form.plan")).to_be_visible(timeout=WAIT_MS)
    desk.engine.ledger.waive(night.ids[3], "no film", "kim")
    page.locator("form.plan button").click()
    expect(page.locator("#decided [role=alert]")).to_contain_text(
        "Nothing was changed", timeout=WAIT_MS
    )
    reasons = [one.reason for one in desk.engine.ledger.publications(9)]
    assert "wrong minutes (kim)" not in reasons
    assert "no film" in reasons


def test_every_page_is_quiet_and_fits_its_window(done, browser):
    night, desk, at = done
    run = desk.inbox.runs(1)[0].run
    httpx.post(f"{at}/process", content=b"{")
    paths = [
        f"/ui/?date={DAY}", "/ui/graph", "/ui/season", "/ui/runs", f"/ui/runs/{run}", "/ui/events",
        "/ui/inbox", f"/ui/table/{TABLE}/{night.ids[0]}", f"/ui/table/schedule/{DAY}",
    ]  # fmt: skip
    for width in (390, 820, 1440):
        look = Looked(browser, at, width, "dark" if width == 820 else "light")
        for path in paths:
            page = look.open(path)
            over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert (path, width, page.evaluate(over)) == (path, width, 0)
            assert page.locator("h1").count() == 1
        assert look.ill == []
        look.page.close()


def test_pages_are_reached_by_the_keyboard_alone(done, browser):
    _, _, at = done
    page = Looked(browser, at).open("/ui/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("/ui/graph"))
    expect(page.locator("nav a[aria-current=page]")).to_have_text("Graph")


def test_a_page_of_another_site_can_change_nothing(done):
    night, desk, at = done
    form = {"reason": "r", "by": "b"}
    target = f"{at}/ui/waive/{night.ids[0]}"
    assert httpx.post(target, data=form).status_code == 403
    elsewhere = {"HX-Request": "true", "Origin": "https://example.org"}
    assert httpx.post(target, data=form, headers=elsewhere).status_code == 403
    assert desk.engine.ledger.waivers() == []
    same = {"HX-Request": "true", "Origin": at}
    assert httpx.post(target, data={"by": "b"}, headers=same).status_code == 400
    assert httpx.post(target, data=form, headers=same).status_code == 200
    assert [one.by for one in desk.engine.ledger.waivers()] == ["b"]


def test_what_cannot_be_is_refused_as_a_page(done):
    _, _, at = done
    told = httpx.get(f"{at}/ui/table/no_such_table/{DAY}")
    assert (told.status_code, "no such table" in told.text) == (400, True)
    assert told.headers["content-security-policy"].startswith("default-src 'none'")
    assert httpx.get(f"{at}/ui/runs/none").status_code == 404
    assert httpx.get(f"{at}/ui/?date=2026-99-99").status_code == 400
    assert httpx.get(f"{at}/ui/assets/0/../../app.py").status_code == 404
