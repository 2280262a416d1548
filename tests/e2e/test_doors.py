"""Sign-in through a provider, and cookies over https."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, serve
from tests.e2e.fake_coach import FakeCoach, FakeOidc, FakeSettings

pytestmark = pytest.mark.browser


def bound() -> tuple[socket.socket, int]:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    return door, door.getsockname()[1]


@pytest.fixture(scope="module")
def provider_url() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def provided(provider_url: str) -> Iterator[Site]:
    door, port = bound()
    url = f"http://127.0.0.1:{port}"
    yield from serve(FakeCoach(FakeSettings(base_url=url, oidc=FakeOidc(provider_url))), door, url)


def through_provider(page: Page, site: Site, subject: str) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("link", name="Sign in with Northwind").click()
    page.locator("input[name=sub]").fill(subject)
    page.locator("button[type=submit]").first.click()


def know(provider_url: str, subject: str, **claims: object) -> None:
    httpx.put(f"{provider_url}/users/{subject}", json={"sub": subject, **claims}).raise_for_status()


def test_an_invited_person_comes_in_through_the_provider(
    provided: Site, provider_url: str, page: Page
) -> None:
    member = provided.coach.add_member("Iris")
    know(provider_url, "iris-7", email=member.email, email_verified=True)
    through_provider(page, provided, "iris-7")
    expect(page).to_have_url(re.compile("/reflect/"))
    assert provided.coach.accounts.identities == {(provider_url, "iris-7"): member.id}


def test_an_unverified_address_opens_nobodys_account(provided: Site, provider_url: str, page: Page) -> None:
    member = provided.coach.add_member("Karl")
    know(provider_url, "mallory", email=member.email, email_verified=False)
    through_provider(page, provided, "mallory")
    expect(page.get_by_role("alert")).to_contain_text("Signing in with Northwind did not work.")
    assert (
        httpx.get(
            f"{provided.url}/still-here", cookies={c["name"]: c["value"] for c in page.context.cookies()}
        ).status_code
        == 401
    )


def test_a_way_back_that_nobody_began_is_refused(provided: Site) -> None:
    answer = httpx.get(f"{provided.url}/sign-in/provider/back?code=x&state=y")
    assert answer.status_code == 401
    assert "did not work" in answer.text


def test_a_provider_that_is_away_is_said() -> None:
    door, port = bound()
    url = f"http://127.0.0.1:{port}"
    shut, closed_port = bound()
    shut.close()
    running = serve(
        FakeCoach(FakeSettings(base_url=url, oidc=FakeOidc(f"http://127.0.0.1:{closed_port}"))), door, url
    )
    site = next(running)
    answer = httpx.get(f"{site.url}/sign-in/provider/")
    assert answer.status_code == 503
    assert "cannot be reached at the moment" in answer.text
    next(running, None)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_over_https_the_cookie_is_bound_to_the_host_and_the_page_works(
    browser: Browser, certificate: tuple[Path, Path]
) -> None:
    door, port = bound()
    url = f"https://127.0.0.1:{port}"
    running = serve(
        FakeCoach(FakeSettings(base_url=url)),
        door,
        url,
        ssl_certfile=certificate[0],
        ssl_keyfile=certificate[1],
    )
    site = next(running)
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(site.link(site.coach.add_member("Tess")))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("body.ready")
    (cookie,) = context.cookies()
    assert cookie["name"] == "__Host-coach"
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    page.locator("#words textarea").fill("A thought over https.")
    page.locator("#send").click()
    page.wait_for_selector("#thread .turn")
    headers = httpx.get(
        f"{url}/sign-in", verify=ssl.create_default_context(cafile=str(certificate[0]))
    ).headers
    assert headers["strict-transport-security"].startswith("max-age=63072000")
    context.close()
    next(running, None)
