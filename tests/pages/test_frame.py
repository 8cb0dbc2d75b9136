"""What stands around every page: headers, cookies, forms from elsewhere, TLS, errors as pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync.central.pages.frame import HEADERS, STYLE_PATH
from tests.pages.browser import Browser, words
from tests.pages.town import Town

Browse = Callable[..., Browser]
PAGES = ["/fleet", "/kiosks/bt01", "/find", "/figures", "/figures.csv", "/figures.json", "/"]


@pytest.mark.parametrize("path", [*PAGES, "/results/x", "/results/x/re-issue"])
def test_nobody_sees_anything_without_signing_in(browse: Browse, path: str) -> None:
    answer = browse().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert answer.text == ""


@pytest.mark.parametrize("path", [*PAGES, "/login", "/results/x", STYLE_PATH, "/kiosks/elsewhere"])
def test_every_answer_carries_the_headers(browse: Browse, path: str) -> None:
    answer = browse().sign_in("lan").get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    kept = answer.headers["Cache-Control"]
    assert kept == "no-store" if path != STYLE_PATH else "immutable" in kept


def test_pages_hold_no_script_no_inline_style_and_nothing_from_elsewhere(browse: Browse) -> None:
    browser = browse().sign_in("lan")
    for path in ("/login", "/fleet", "/kiosks/bt01", "/find", "/figures"):
        html = browser.get(path).text
        assert not [bad for bad in ("<script", "style=", "onclick", "http://") if bad in html]
        assert html.count("<link") == 1
        assert STYLE_PATH in html


def test_over_tls_the_cookie_is_bound_to_host_and_tls(browse: Browse) -> None:
    cookie = browse().enter("lan").headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-kiosk=")
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}


def test_on_loopback_plain_http_is_served_with_a_cookie_of_another_name(browse: Browse) -> None:
    browser = browse("127.0.0.1", "http://127.0.0.1:8474")
    cookie = browser.enter("lan").headers["set-cookie"]
    assert cookie.startswith("kiosk-loopback=")
    assert "secure" not in cookie.lower()
    assert browser.get("/kiosks/bt01").status_code == 200


def test_plain_http_from_elsewhere_is_refused_before_anything_is_asked(browse: Browse) -> None:
    browser = browse("203.0.113.9", "http://central.test")
    assert browser.get("/login").status_code == 403
    assert "https" in words(browser.get("/login").text)
    assert browser.enter("lan").status_code == 403


def test_wrong_name_password_and_code_look_the_same(browse: Browse) -> None:
    told = [
        browse().enter("nobody").text,
        browse().enter("lan", password="wrong").text,
        browse().enter("lan", code="000000").text,
    ]
    assert len(set(told)) == 1
    assert "chưa khớp" in told[0]


def test_too_many_tries_say_when_to_come_back(browse: Browse, town: Town) -> None:
    del town
    answers = [browse().enter("lan", code="000000") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert "15 phút" in words(answers[-1].text)


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_a_form_without_the_sessions_own_token_changes_nothing(browse: Browse, token: str) -> None:
    browser = browse().sign_in("lan")
    browser.get("/fleet")
    browser.token = token
    assert browser.press("/logout").status_code == 403
    assert browser.get("/fleet").status_code == 200


def test_a_token_of_another_session_is_worth_nothing(browse: Browse) -> None:
    other = browse().sign_in("minh")
    other.get("/fleet")
    browser = browse().sign_in("lan")
    browser.token = other.token
    assert browser.press("/logout").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_to_sign_in(
    browse: Browse, town: Town, headers: dict[str, str]
) -> None:
    told = town.accounts["lan"]
    form = {"name": "lan", "password": told.password, "code": town.code("lan")}
    answer = browse().client.post("/login", data=form, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session_and_forgets_the_cookie(browse: Browse) -> None:
    browser = browse().sign_in("lan")
    held = dict(browser.client.cookies)
    browser.get("/fleet")
    answer = browser.press("/logout")
    assert answer.headers["location"] == "/login"
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    browser.client.cookies.update(held)
    assert browser.get("/fleet").headers["location"] == "/login"


def test_the_other_language_is_a_link_and_stays(browse: Browse) -> None:
    browser = browse().sign_in("lan")
    assert "Tủ lúc này" in browser.see("/kiosks/bt01")
    assert "The cabinet now" in browser.see("/kiosks/bt01?lang=en")
    assert "The cabinet now" in browser.see("/kiosks/bt01")
    assert "Tủ lúc này" in browser.see("/kiosks/bt01?lang=vi")


@pytest.mark.parametrize("query", ["?lang=xx", "?lang=%3Cb%3E", "?%3Cscript%3E=1", "?x=%22%3E"])
def test_what_stands_in_the_address_is_never_markup_in_the_page(browse: Browse, query: str) -> None:
    html = browse().get(f"/login{query}").text
    assert "<script" not in html
    assert "<b>x" not in html
    assert '""' not in html.replace('=""', "")


def test_errors_are_pages_for_the_reader(browse: Browse) -> None:
    browser = browse().sign_in("lan")
    for path, status in (("/results/none", 404), ("/figures?period=now", 422)):
        answer = browser.get(path)
        assert answer.status_code == status
        assert "Chưa làm được" in words(answer.text)
        assert "1022" in words(answer.text)


def test_pages_are_no_part_of_the_machines_interface(browse: Browse) -> None:
    paths = browse().client.get("/openapi.json").json()["paths"]
    assert not [path for path in paths if not path.startswith("/v1/")]
