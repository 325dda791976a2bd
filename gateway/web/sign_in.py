"""Signing in with a name and a password, signing out, and setting a password with a code."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from urllib.parse import urlencode

from fastapi import Response

from audit import Transaction, time_text
from gateway.errors import GatewayError
from gateway.identity import (
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    IdentityProviderError,
    Password,
    count_attempt,
    find_password,
    hash_again,
    hash_password,
    matches,
    plain_username,
    replace_hash,
    reset_attempts,
    set_password,
)
from gateway.web.csrf import local_address, return_address
from gateway.web.drafts import save_text
from gateway.web.page_request import Form, PageRequest
from gateway.web.problems import Problems

T = TypeVar("T")

_HASHING: Final = ThreadPoolExecutor(2, "hashing")
"""Each check takes 64 MiB and a core for a moment: a flood of them must not take the gateway down."""


async def ask_first(page: PageRequest, form: Form) -> Response:
    """Ask anyone who is not signed in to do so; what they typed stays in the page, and returns with them."""
    if page.request.method != "POST":
        return page.redirect("/sign-in?" + urlencode({"return": return_address(page.request)}))
    kept = urlencode(form, doseq=True)
    return await _page(page, back=return_address(page.request), kept=kept, status=401)


async def ask(page: PageRequest) -> Response:
    """The page to sign in on; somebody who is signed in goes on to where they wanted to be."""
    back = local_address(page.query("return")) or "/"
    return page.redirect(back) if page.session is not None else await _page(page, back=back)


async def sign_in(page: PageRequest) -> Response:
    """Begin a session, or say that name and password don't fit."""
    if not page.settings.web.local_sign_in:
        raise GatewayError("not_found", "Nobody signs in with a password here.")
    username, password = page.value("username"), page.value("password")
    back, kept = local_address(page.value("return")) or "/", page.value("kept")
    problems = Problems(page.language)
    if not username.strip():
        problems.add("username", problems._("Enter your user name"))
    if not password:
        problems.add("password", problems._("Enter your password"))
    if problems:
        return await _page(page, back=back, kept=kept, username=username, problems=problems, status=422)
    await _count(page, username)
    credential = await _check(page, username, password)
    if credential is None:
        problems.add("username", problems._("The user name or the password is wrong"))
        return await _page(page, back=back, kept=kept, username=username, problems=problems, status=422)
    await page.services.recorder.submit(
        lambda transaction: reset_attempts(transaction, _account(page, username))
    )
    await page.sign_in(credential.credential, credential.person)
    return page.redirect(await save_text(page, back, kept) if kept else back)


async def sign_out(page: PageRequest) -> Response:
    """End the session."""
    await page.sign_out()
    return page.redirect("/signed-out")


async def ask_for_password(page: PageRequest) -> Response:
    """The page on which a person sets their password with a code."""
    _local_only(page)
    return page.render("set-password.html", shortest=MIN_PASSWORD_LENGTH, problems=Problems(page.language))


async def choose_password(page: PageRequest) -> Response:
    """Set the password that was chosen, if the code is right."""
    _local_only(page)
    username, code, password = page.value("username"), page.value("code"), page.value("password")
    problems = Problems(page.language)
    if not username.strip():
        problems.add("username", problems._("Enter your user name"))
    if not code.strip():
        problems.add("code", problems._("Enter the code that you were given"))
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        text = problems._("Your password must have %(shortest)s characters or more")
        problems.add("password", text % {"shortest": MIN_PASSWORD_LENGTH})
    elif plain_username(username) in password.lower():
        problems.add("password", problems._("Your password must not hold your user name"))
    if not problems:
        await _count(page, username)
        hashed = await _hashing(lambda: hash_password(password))
        person = await page.services.recorder.submit(
            lambda transaction: set_password(transaction, username, code, hashed)
        )
        if person is not None:
            return page.render("password-set.html")
        problems.add("code", problems._("The code is wrong, was used, or is older than a day"))
    return page.render(
        "set-password.html",
        status=422,
        shortest=MIN_PASSWORD_LENGTH,
        problems=problems,
        username=username,
        code=code,
    )


async def _page(
    page: PageRequest,
    *,
    back: str,
    kept: str = "",
    username: str = "",
    problems: Problems | None = None,
    status: int = 200,
) -> Response:
    provider, form_action = None, "'self'"
    if page.services.oidc is not None:
        provider = page.services.oidc.settings.name
        try:  # browsers hold the redirection that follows a form to `form-action`, too
            form_action += f" {await page.services.oidc.authorization_origin()}"
        except IdentityProviderError:
            provider = None
    return page.render(
        "sign-in.html",
        status=status,
        form_action=form_action,
        provider=provider,
        back=back,
        kept=kept,
        username=username,
        problems=problems or Problems(page.language),
        local=page.settings.web.local_sign_in,
    )


def _local_only(page: PageRequest) -> None:
    if not page.settings.web.local_sign_in:
        raise GatewayError("not_found", "Nobody has a password here.")


async def _count(page: PageRequest, username: str) -> None:
    """Count the attempt; a 429 `GatewayError` for an account or an address that has made too many."""
    web = page.settings.web
    address = page.request.client.host if page.request.client is not None else ""
    limits = {
        _account(page, username): web.attempts_per_account,
        page.services.vault.reference("sign-in address", address): web.attempts_per_address,
    }
    until = time_text(datetime.now(UTC) + timedelta(minutes=web.attempts_minutes))
    again = await page.services.recorder.submit(lambda transaction: count_attempt(transaction, limits, until))
    if again is not None:
        seconds = (datetime.fromisoformat(again) - datetime.now(UTC)).total_seconds()
        raise GatewayError("rate_limited", "Too many tries to sign in.", retry_after=max(1, round(seconds)))


def _account(page: PageRequest, username: str) -> str:
    return page.services.vault.reference("sign-in account", plain_username(username))


async def _check(page: PageRequest, username: str, password: str) -> Password | None:
    stored = await page.services.database.fetch(lambda connection: find_password(connection, username))
    if (
        len(password) > MAX_PASSWORD_LENGTH
        or not await _hashing(lambda: matches(stored, password))
        or stored is None
    ):
        return None
    renewed = await _hashing(lambda: hash_again(stored, password))
    if renewed is not None:

        def command(transaction: Transaction) -> None:
            replace_hash(transaction, stored, renewed)

        await page.services.recorder.submit(command)
    return stored


async def _hashing(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_HASHING, work)
