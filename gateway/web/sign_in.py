"""Signing in with a name and a password, signing out, and setting a password with a code."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from urllib.parse import urlencode

from fastapi import Response

from audit import Transaction
from gateway.errors import GatewayError
from gateway.identity import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Password,
    ProviderRefused,
    count_attempt,
    find_password,
    forgive_attempts,
    hash_again,
    hash_password,
    matches,
    plain_username,
    replace_hash,
    set_password,
)
from gateway.timestamps import time_text
from gateway.web.drafts import keep_text
from gateway.web.guarding import local_address, return_address
from gateway.web.problems import Problems
from gateway.web.visit import Form, Visit

T = TypeVar("T")

_HASHING: Final = ThreadPoolExecutor(2, "hashing")
"""Each check takes 64 MiB and a core for a moment: a flood of them must not take the gateway down."""


async def ask_first(visit: Visit, form: Form) -> Response:
    """Ask whoever is not signed in to do so; what they typed stays in the page, and returns with them."""
    if visit.request.method != "POST":
        return visit.go("/sign-in?" + urlencode({"return": return_address(visit.request)}))
    kept = urlencode(form, doseq=True)
    return await _page(visit, back=return_address(visit.request), kept=kept, status=401)


async def ask(visit: Visit) -> Response:
    """The page to sign in on; somebody who is signed in goes on to where they wanted to be."""
    back = local_address(visit.query("return")) or "/"
    return visit.go(back) if visit.session is not None else await _page(visit, back=back)


async def sign_in(visit: Visit) -> Response:
    """Begin a session, or say that name and password don't fit."""
    if not visit.settings.web.local_sign_in:
        raise GatewayError("not_found", "Nobody signs in with a password here.")
    username, password = visit.value("username"), visit.value("password")
    back, kept = local_address(visit.value("return")) or "/", visit.value("kept")
    problems = Problems(visit.language)
    if not username.strip():
        problems.add("username", problems._("Enter your user name"))
    if not password:
        problems.add("password", problems._("Enter your password"))
    if problems:
        return await _page(visit, back=back, kept=kept, username=username, problems=problems, status=422)
    await _count(visit, username)
    found = await _check(visit, username, password)
    if found is None:
        problems.add("username", problems._("The user name or the password is wrong"))
        return await _page(visit, back=back, kept=kept, username=username, problems=problems, status=422)
    await visit.services.recorder.submit(
        lambda transaction: forgive_attempts(transaction, _account(visit, username))
    )
    await visit.sign_in(found.credential, found.person)
    return visit.go(await keep_text(visit, back, kept) if kept else back)


async def sign_out(visit: Visit) -> Response:
    """End the session."""
    await visit.sign_out()
    return visit.go("/signed-out")


async def ask_for_password(visit: Visit) -> Response:
    """The page on which a person sets their password with a code."""
    _local_only(visit)
    return visit.page("set-password.html", shortest=SHORTEST_PASSWORD, problems=Problems(visit.language))


async def choose_password(visit: Visit) -> Response:
    """Set the password that was chosen, if the code is right."""
    _local_only(visit)
    username, code, password = visit.value("username"), visit.value("code"), visit.value("password")
    problems = Problems(visit.language)
    if not username.strip():
        problems.add("username", problems._("Enter your user name"))
    if not code.strip():
        problems.add("code", problems._("Enter the code that you were given"))
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        text = problems._("Your password must have %(shortest)s characters or more")
        problems.add("password", text % {"shortest": SHORTEST_PASSWORD})
    elif plain_username(username) in password.lower():
        problems.add("password", problems._("Your password must not hold your user name"))
    if not problems:
        await _count(visit, username)
        hashed = await _hashing(lambda: hash_password(password))
        person = await visit.services.recorder.submit(
            lambda transaction: set_password(transaction, username, code, hashed)
        )
        if person is not None:
            return visit.page("password-set.html")
        problems.add("code", problems._("The code is wrong, was used, or is older than a day"))
    return visit.page(
        "set-password.html",
        status=422,
        shortest=SHORTEST_PASSWORD,
        problems=problems,
        username=username,
        code=code,
    )


async def _page(
    visit: Visit,
    *,
    back: str,
    kept: str = "",
    username: str = "",
    problems: Problems | None = None,
    status: int = 200,
) -> Response:
    provider, form_action = None, "'self'"
    if visit.services.oidc is not None:
        provider = visit.services.oidc.settings.name
        try:  # browsers hold the redirection that follows a form to `form-action`, too
            form_action += f" {await visit.services.oidc.authorization_origin()}"
        except ProviderRefused:
            provider = None
    return visit.page(
        "sign-in.html",
        status=status,
        form_action=form_action,
        provider=provider,
        back=back,
        kept=kept,
        username=username,
        problems=problems or Problems(visit.language),
        local=visit.settings.web.local_sign_in,
    )


def _local_only(visit: Visit) -> None:
    if not visit.settings.web.local_sign_in:
        raise GatewayError("not_found", "Nobody has a password here.")


async def _count(visit: Visit, username: str) -> None:
    """Count the attempt; a 429 `GatewayError` for an account or an address that has made too many."""
    web = visit.settings.web
    address = visit.request.client.host if visit.request.client is not None else ""
    limits = {
        _account(visit, username): web.attempts_per_account,
        visit.services.vault.reference("sign-in address", address): web.attempts_per_address,
    }
    until = time_text(datetime.now(UTC) + timedelta(minutes=web.attempts_minutes))
    again = await visit.services.recorder.submit(
        lambda transaction: count_attempt(transaction, limits, until)
    )
    if again is not None:
        seconds = (datetime.fromisoformat(again) - datetime.now(UTC)).total_seconds()
        raise GatewayError("rate_limited", "Too many tries to sign in.", retry_after=max(1, round(seconds)))


def _account(visit: Visit, username: str) -> str:
    return visit.services.vault.reference("sign-in account", plain_username(username))


async def _check(visit: Visit, username: str, given: str) -> Password | None:
    found = await visit.services.database.fetch(lambda connection: find_password(connection, username))
    if len(given) > LONGEST_PASSWORD or not await _hashing(lambda: matches(found, given)) or found is None:
        return None
    renewed = await _hashing(lambda: hash_again(found, given))
    if renewed is not None:

        def command(transaction: Transaction) -> None:
            replace_hash(transaction, found, renewed)

        await visit.services.recorder.submit(command)
    return found


async def _hashing(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_HASHING, work)
