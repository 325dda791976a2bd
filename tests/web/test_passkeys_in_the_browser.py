"""Passkeys in a real browser, with its own virtual authenticator: added, signed with, refused, lost and replaced."""

from collections.abc import Callable
from typing import Any

import pytest

from audit import check_decision
from audit.proofs import decode_file
from gateway.identity import passkeys_of
from tests.gateway_server import GatewayServer
from tests.web.signing import joined, with_passkey
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]
DEVICE = {
    "protocol": "ctap2",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def site(signing_site: GatewayServer) -> GatewayServer:
    return signing_site


class Device:
    """An authenticator at somebody's browser."""

    def __init__(self, visitor: Visitor) -> None:
        self._browser = visitor.context.new_cdp_session(visitor.page)
        self._browser.send("WebAuthn.enable")
        self.add()

    def add(self, transport: str = "internal") -> None:
        device = {**DEVICE, "transport": transport}
        self.id = self._send("addVirtualAuthenticator", options=device)["authenticatorId"]

    def remove(self) -> None:
        self._send("removeVirtualAuthenticator", authenticatorId=self.id)

    def knows_its_owner(self, yes: bool) -> None:
        self._send("setUserVerified", authenticatorId=self.id, isUserVerified=yes)

    def _send(self, command: str, **parameters: Any) -> Any:
        return self._browser.send(f"WebAuthn.{command}", parameters)


def held(site: GatewayServer) -> str:
    return str(site.ask("Write to Mr John Smith.", model="signed").headers["x-advice-id"])


def fill_in(visitor: Visitor, advice: str, reason: str) -> None:
    visitor.open(f"/advice/{advice}")
    visitor.page.get_by_label("Check every date against the record.").check()
    visitor.page.get_by_label("Accept as it is").check()
    visitor.page.fill("#reason", reason)
    visitor.press("Go on to sign it")


def test_from_no_passkey_to_a_signed_decision(visit: Open, site: GatewayServer) -> None:
    advice, who = held(site), "dee"
    joined(site, who, "reviewer")
    visitor = visit(who, width=320)
    device = Device(visitor)
    fill_in(visitor, advice, "A long argument.")
    visitor.check()
    visitor.follow(visitor.page.get_by_role("button", name="Add a passkey"))
    visitor.check()
    assert "needs JavaScript" not in visitor.text()
    visitor.press("Add a passkey")
    assert "Nothing is recorded yet." in visitor.text()
    assert "A long argument." in visitor.text()
    visitor.check()
    device.knows_its_owner(False)
    refused = visitor.page.get_by_text("Nothing was signed, and nothing was recorded.")
    assert not refused.is_visible()
    visitor.page.get_by_role("button", name="Sign with my passkey").click()
    refused.wait_for()
    visitor.check()
    device.knows_its_owner(True)
    visitor.press("Sign with my passkey")
    assert "Your decision is on record." in visitor.text()
    assert "signed with a passkey" in visitor.text()
    visitor.check()
    visitor.page.go_back()
    visitor.page.wait_for_load_state()
    assert site.types(advice).count("decision.recorded") == 1
    visitor.open("/passkeys")
    visitor.check()
    overseer = visit("olu", width=320)
    overseer.open(f"/record/{advice}")
    assert "is signed with the passkey of person" in overseer.text()
    overseer.check()
    with site.browser("olu") as client:
        file = client.get(f"/record/{advice}/proof.json").content
    checked = check_decision(decode_file(file), site.resources.signer.verifiers)
    assert checked.ok
    assert [one.passkey.key.person for one in checked.signed] == [site.people[who][0]]


def test_a_second_passkey_a_loss_and_a_new_one_that_two_admins_approve(
    visit: Open, site: GatewayServer
) -> None:
    joined(site, "gil", "reviewer")
    visitor = visit("gil", width=1280)
    device = Device(visitor)
    visitor.open("/passkeys")
    visitor.press("Add a passkey")
    assert "you can sign with it" in visitor.text()
    visitor.page.get_by_role("button", name="Add a passkey").click()  # this device has one already
    visitor.page.get_by_text("No passkey was made.").wait_for()
    first = device.id
    device.add("usb")
    visitor.press("Add a passkey")
    visitor.check()
    device.remove()
    visitor.press("Sign with a passkey that I had before")
    assert visitor.text().count("in force since") == 2
    assert "signed for with another one" in visitor.text()
    device.id = first
    device.remove()
    for _ in range(2):
        visitor.page.get_by_text("End this passkey").first.click()
        visitor.press("End it")
    visitor.check()
    device.add()
    visitor.press("Add a passkey")
    assert "once two admins have approved it" in visitor.text()
    joined(site, "ama", "admin")
    admin = visit("ama", width=320)
    Device(admin)
    admin.open("/keys/passkeys")
    admin.check()
    admin.follow(admin.page.locator("a", has_text="turn it down: gil"))
    admin.follow(admin.page.get_by_role("link", name="Add a passkey"))
    admin.press("Add a passkey")
    admin.check()
    admin.press("Approve it with my passkey")
    assert "Your approval is on record." in admin.text()
    other, key = with_passkey(site, "edu", "admin")
    gils = site.people["gil"][0]
    newest = site.resources.database.read(lambda connection: passkeys_of(connection, gils))[-1]
    assert other.approve(key, newest).status_code == 303
    advice = held(site)
    fill_in(visitor, advice, "")
    visitor.press("Sign with my passkey")
    assert "Your decision is on record." in visitor.text()


def test_without_scripts_the_page_says_that_a_passkey_needs_them(visit: Open, site: GatewayServer) -> None:
    advice = held(site)
    with_passkey(site, "huw", "reviewer")
    visitor = visit("huw", width=320, scripts=False)
    fill_in(visitor, advice, "A long argument.")
    assert "A passkey needs JavaScript" in visitor.text()
    assert not visitor.page.get_by_role("button", name="Sign with my passkey").is_visible()
    visitor.check()
    visitor.follow(visitor.page.get_by_role("link", name="Go back and change it"))
    assert visitor.page.input_value("#reason") == "A long argument."
