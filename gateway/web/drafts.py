"""What somebody typed about an advice and could not send: kept under the advice's own key, for them alone.

A form that arrives without its session is kept in the page that asks to sign in again (`sign_in.py`), and is sent
back with the password. It becomes a draft if its token shows that the form was of the person who signed in. So nobody
who is not signed in can store anything, and nobody gets to see what a colleague typed at the same desk. A form with
the token of one's own earlier session becomes a draft at once. Drafts are shown in their form, with a word that
nothing was sent; a decision, or erasing the advice, ends them.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

import orjson

from audit import Transaction
from gateway.advice import find_advice
from gateway.storage import Connection, SealedMissing
from gateway.web.csrf import was_given_to
from gateway.web.page_request import FORM_FIELD, Form, PageRequest

_OF_ADVICE: Final = re.compile(r"/advice/(adv_[0-9a-f]{1,40})(?:/([a-z-]{1,20}))?")
_MAX_LENGTH: Final = 400_000
_MAX_FIELDS: Final = 100

Draft = Mapping[str, list[str]]


async def read_draft(page: PageRequest, advice: str) -> Draft:
    """The visitor's draft on an advice; empty if there is none."""

    def find(connection: Connection) -> bytes | None:
        try:
            return page.services.vault.draft(connection, advice, page.person.id)
        except SealedMissing:
            return None

    stored = await page.services.database.fetch(find)
    draft: Draft = {} if stored is None else orjson.loads(stored)
    return draft


async def save_draft(page: PageRequest, address: str, form: Form) -> str:
    """Keep a form that was sent to `address`; gives the page on which it is shown. Other forms are not kept."""
    match = _OF_ADVICE.fullmatch(address.partition("?")[0])
    if match is None:
        return address
    advice = match[1]
    if (
        match[2] == "sign"
    ):  # what was typed is the draft already; a signature without its session is made again
        return f"/advice/{advice}"
    token = form.get(FORM_FIELD, [""])[0]
    if not was_given_to(page.services.vault, page.person.id, token):
        return f"/advice/{advice}"
    fields = {name: values for name, values in form.items() if name != FORM_FIELD}
    content = orjson.dumps(fields)
    if fields and len(content) <= _MAX_LENGTH:
        person = page.person.id

        def command(transaction: Transaction) -> None:
            found = find_advice(transaction.connection, advice)
            if found is not None and found.erased_at is None:
                page.services.vault.save_draft(transaction.connection, advice, person, content)

        await page.services.recorder.submit(command)
    return f"/advice/{advice}"


async def save_text(page: PageRequest, address: str, stored: str) -> str:
    """As `save_draft`, for the fields as `sign_in.py` sends them round."""
    try:
        form = parse_qs(stored, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        form = {}
    return await save_draft(page, address, form)


async def delete_draft(page: PageRequest, advice: str) -> None:
    """Forget the visitor's draft: what it held was sent."""
    person = page.person.id
    await page.services.recorder.submit(
        lambda transaction: page.services.vault.delete_draft(transaction.connection, advice, person)
    )
