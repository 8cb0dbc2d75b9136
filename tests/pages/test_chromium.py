"""The pages in a real Chromium, as small as an old phone and as wide as a desk.

Skipped loudly where Debian's `chromium` and `chromium-driver` are not installed. PICTURES=FOLDER in the
environment keeps what was seen.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from tests.pages import scenes
from tests.pages.town import Town
from tests.sync.world import serving

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PHONE, DESK, SMALLEST = (360, 740), (1280, 800), (320, 600)
TOUCH_PX = 44
LONGEST_S = 20.0  # a page on a busy machine
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="NOT TESTED IN A BROWSER: chromium and chromedriver are not installed here"
    " (Debian: apt-get install chromium chromium-driver)",
)


class Window:
    """One browser window on one central."""

    def __init__(self, town: Town, chrome: Chrome, url: str) -> None:
        self.town, self.chrome, self.url = town, chrome, url

    def size(self, width: int, height: int) -> None:
        """Of the page, whatever the smallest window of this browser is."""
        told = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", told)

    def go(self, path: str) -> None:
        self.chrome.get(self.url + path)

    def at(self) -> str:
        return urlsplit(self.chrome.current_url).path

    def text(self) -> str:
        return str(self.chrome.find_element(By.TAG_NAME, "body").text)

    def one(self, css: str) -> WebElement:
        return self.chrome.find_element(By.CSS_SELECTOR, css)

    def sign_in(self, name: str) -> None:
        self.go("/login")
        self.one("#name").send_keys(name)
        self.one("#password").send_keys(self.town.accounts[name].password)
        self.one("#code").send_keys(self.town.code(name))
        self.press(self.one("form.card button"))

    def press(self, target: WebElement) -> None:
        """Click, and wait until another page has taken the place of this one."""
        before = self.one("html")
        target.click()
        # chromedriver sometimes says so in other words while the old page is being put away.
        waiting = WebDriverWait(self.chrome, LONGEST_S, ignored_exceptions=[WebDriverException])
        waiting.until(staleness_of(before))

    def follow(self, words: str) -> None:
        self.press(self.chrome.find_element(By.PARTIAL_LINK_TEXT, words))

    def picture(self, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.chrome.save_screenshot(str(Path(folder) / f"{name}.png"))

    def too_wide(self) -> int:
        """By how many pixels anything hangs over the right edge of the page."""
        script = """
            const root = document.documentElement, main = document.querySelector('main');
            const over = [...main.querySelectorAll('*')].map(e => e.getBoundingClientRect().right);
            const edge = main.getBoundingClientRect().right + 0.5;
            return Math.ceil(Math.max(root.scrollWidth - root.clientWidth, ...over.map(x => x - edge), 0))"""
        return int(self.chrome.execute_script(script))

    def small_targets(self) -> list[str]:
        """Links and buttons outside running text that a thumb would miss."""
        script = """
            return [...document.querySelectorAll('nav a, button, .button, .tiles a, .item > a, input,'
              + 'select, .brand a, .lang a, summary')].filter(e => e.offsetParent && e.type != 'hidden'
              && e.getBoundingClientRect().height < arguments[0]).map(e => e.outerHTML)"""
        return [str(found) for found in self.chrome.execute_script(script, TOUCH_PX)]

    def complaints(self) -> list[str]:
        """What the browser itself had to say: refused styles, scripts, requests."""
        log = self.chrome.execute("getLog", {"type": "browser"})["value"]
        return [str(entry["message"]) for entry in log]


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = Chrome(options, ChromeService(str(DRIVER)))
    try:
        yield made
    finally:
        made.quit()


@pytest.fixture
def window(chrome: Chrome, town: Town) -> Iterator[Window]:
    town.store.settings = replace(town.store.settings, port=0)
    with serving(town.store) as url:
        chrome.get(url + "/login")
        chrome.delete_all_cookies()
        made = Window(town, chrome, url)
        made.complaints()  # of the page before
        yield made


def test_a_clerk_with_an_old_phone_answers_i_never_got_my_papers(window: Window) -> None:
    collected = scenes.morning(window.town)
    window.size(*PHONE)
    window.go("/")
    assert window.at() == "/login"
    window.picture("login-phone")
    window.sign_in("lan")
    assert window.at() == "/kiosks/bt01"
    assert "NGUYỄN V*** A***" in window.text()
    window.picture("ward-phone")
    window.follow("Tra cứu")
    window.one("#dossier").send_keys("h29.915-261116-0031")
    window.press(window.one("form.card button"))
    assert window.at() == f"/results/{collected}"
    assert "ghi nhận người nhận h1 đã lấy" in window.text()
    window.picture("story-phone")
    window.press(window.one("footer button"))
    assert window.at() == "/login"
    window.chrome.back()
    assert "NGUYỄN" not in window.text()
    assert window.complaints() == []


def test_a_code_is_sent_again_with_two_presses(window: Window) -> None:
    scenes.morning(window.town)
    window.size(*PHONE)
    window.sign_in("lan")
    window.follow("ĐẶNG Q***")
    window.press(window.one("section .button"))
    assert "Gửi lại mã?" in window.text()
    window.picture("re-issue-phone")
    window.press(window.one("main form button"))
    assert "Đã yêu cầu gửi lại mã" in window.text()
    assert "lan yêu cầu gửi lại mã" in window.text()
    assert window.complaints() == []


def test_an_alarm_is_handled_with_one_press(window: Window) -> None:
    scenes.morning(window.town)
    window.size(*DESK)
    window.sign_in("lan")
    buttons = window.chrome.find_elements(By.CSS_SELECTOR, ".alarm button")
    before = len(buttons)
    window.press(buttons[0])
    assert len(window.chrome.find_elements(By.CSS_SELECTOR, ".alarm button")) == before - 1


def test_the_city_sees_its_fleet_and_its_figures(window: Window) -> None:
    scenes.morning(window.town)
    scenes.fleet(window.town)
    window.size(*DESK)
    window.sign_in("minh")
    assert window.at() == "/fleet"
    assert "6 tủ mất liên lạc cùng lúc" in window.text()
    window.picture("fleet")
    window.follow("Số liệu")
    assert "Nhận ngoài giờ hành chính" in window.text()
    window.picture("figures")
    assert window.complaints() == []


def test_no_page_scrolls_sideways_and_every_target_fits_a_thumb(window: Window) -> None:
    cid = scenes.morning(window.town)
    scenes.fleet(window.town)
    window.sign_in("lan")
    paths = (
        "/kiosks/bt01",
        "/fleet",
        "/find?dossier=X",
        "/figures",
        f"/results/{cid}",
        "/results/x",
    )
    for path in (*paths, f"/results/{cid}/re-issue", "/kiosks/bt01?lang=en", "/login"):
        window.go(path)
        for size in (DESK, PHONE, SMALLEST):
            window.size(*size)
            name = path.strip("/").replace(cid, "story").replace("/", "-")
            window.picture(f"{name}-{size[0]}")
            assert (path, size, window.too_wide()) == (path, size, 0)
            assert (path, size, window.small_targets()) == (path, size, [])


def test_without_a_session_cookie_of_the_same_site_nothing_is_shown(window: Window) -> None:
    window.sign_in("lan")
    (cookie,) = (c for c in window.chrome.get_cookies() if c["name"] == "kiosk-loopback")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    window.chrome.get("data:text/html,<a id=go href='" + window.url + "/kiosks/bt01'>go</a>")
    window.press(window.one("#go"))
    assert window.at() == "/login"


def test_the_browser_refuses_what_the_page_did_not_bring(window: Window) -> None:
    window.sign_in("lan")
    window.chrome.execute_script(
        "let s = document.createElement('script'); s.src = '/x.js'; document.body.append(s)"
    )
    assert any("Content Security Policy" in said for said in window.complaints())
