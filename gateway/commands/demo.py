"""`countersign demo`: the main job on a made-up probation case note, through the real HTTP endpoint.

Beside it there is a record of four weeks, which `demo_record.py` makes up before the first start.
"""

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from openai import APIError, APIStatusError, OpenAI
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from gateway.commands.demo_people import identities, make_people
from gateway.commands.demo_record import write_demo_record
from gateway.commands.running import run_gateway
from gateway.providers import REHEARSAL, default_routes
from gateway.settings import DATABASE, DEMO_MASTER_KEY, Settings, load_settings
from gateway.startup.bootstrap import Resources, write_private
from gateway.storage import LocalKey
from gateway.telemetry import configure_logs

POLICY = "draft-letter"
CASE_NOTE = """\
Draft a letter to the person on probation about their missed appointments, from this note.

Contact log, 12 November 2026. Spoke with Siobhan O'Connor (DOB 14/03/1991, CRN X123456, NI number AB 12 34 56 C) \
by phone on 07700 900123. She missed two appointments with her practitioner, Mr Adeyemi, on 3 and 9 November.

She says she moved to 14 Alder Road, Leeds LS6 2AB after her tenancy ended, and that letters still go to her old \
address; she reads her email, siobhan.oconnor@example.org. She has a hearing at Leeds Magistrates' Court on \
2 December about the breach of her community order under the Sentencing Act 2020. Her sister Aoife can give her a lift \
to the next appointment, on 19 November at 10:30.
"""
SUBJECTS = ["Siobhan O'Connor", "Aoife"]
"""Whom the application knows of: always taken out, whatever the name model finds."""

_WIDEST = 110


@dataclass(frozen=True)
class _Output:
    console: Console
    base_url: str

    def step(self, title: str, body: str) -> None:
        self.console.print(
            Panel(Text(body), title=title, title_align="left", width=min(_WIDEST, self.console.width))
        )


def run_demo(data: Path, port: int, *, empty: bool = False) -> None:
    """Serve from `data`, show the job once it is ready, and stay up until Ctrl-C.

    The first time, unless it is to be `empty`, a record of some weeks is made up before.
    """
    console = Console(highlight=False)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    console.print("[bold]Countersign[/bold]: AI informs the decision; a named person makes it.\n")
    settings = load_settings(
        None,
        data=data,
        port=port,
        host="127.0.0.1",
        origin="demo.countersign.example/log",
        master_key=_master(data, console),
        web={"demonstration": True},
    )
    if settings.base_url is None and port:
        settings.base_url = f"http://localhost:{port}"  # at a number browsers know no passkeys
    configure_logs(settings.log_level, (data / "gateway.log").open("a", buffering=1))
    started = time.monotonic()
    if not empty and settings.database is None and not (data / DATABASE).exists():
        _write_record(settings, data, console)
    console.print("Loading the name model ...")

    async def beside(resources: Resources) -> None:
        await _until_ready(settings.local_url)
        console.print(f"Ready in {time.monotonic() - started:.1f} s at {settings.local_url}\n")
        people = await identities(resources)
        write_private(data / "demo.json", json.dumps(people, indent=2))
        await asyncio.to_thread(_show, _Output(console, settings.local_url), people, settings, data)

    run_gateway(settings, beside)


def _write_record(settings: Settings, data: Path, console: Console) -> None:
    """The record, and the keys of its people, who go on in the demo."""
    identities: dict[str, Any] = {}
    console.print("Making up a record of four weeks ...")
    began = time.monotonic()
    faulty = write_demo_record(settings, partial(make_people, identities))
    console.print(f"It took {time.monotonic() - began:.1f} s; `countersign demo --empty` starts without.")
    write_private(data / "demo.json", json.dumps({**identities, "two_faults": faulty}, indent=2))


def _master(data: Path, console: Console) -> str:
    key = os.environ.get("COUNTERSIGN_MASTER_KEY")
    if key:
        return key
    path = data / DEMO_MASTER_KEY
    if not path.exists():
        write_private(path, LocalKey.generate() + "\n")
    console.print(
        f"The key that seals the content lies in {path}. That is for this demo only: in service it comes from\n"
        "COUNTERSIGN_MASTER_KEY and is kept away from the data."
    )
    return path.read_text().strip()


async def _until_ready(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=5) as client:
        while True:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


def _show(shown: _Output, identities: dict[str, Any], settings: Settings, data: Path) -> None:
    people = identities["people"]
    policy = POLICY if POLICY in identities["policies"] else identities["policies"][0]
    client = OpenAI(base_url=f"{shown.base_url}/v1", api_key=identities["application_key"], max_retries=0)
    _print_model(shown, settings)
    try:
        answer = client.chat.completions.create(
            model=policy,
            messages=[{"role": "user", "content": CASE_NOTE}],
            metadata={
                "case": "DEMO-1",
                "on_behalf_of": people["caseworker"]["id"],
                "subjects": json.dumps(SUBJECTS),
            },
        )
    except APIError as error:
        _print_failure(shown, error, people)
        _print_running(shown, data)
        return
    support = answer.model_dump()["decision_support"]
    advice = httpx.get(
        f"{shown.base_url}/v1/advice/{support['advice_id']}",
        headers={"Authorization": f"Bearer {people['reviewer']['token']}"},
        trust_env=False,
        timeout=30,
    ).json()
    shown.step("1. The application asked, in a caseworker's name", CASE_NOTE.strip())
    shown.step("2. What left the building, after the policy's prompt", _sent(advice["sent"]))
    shown.step("3. What the application got: the advice's receipt", answer.choices[0].message.content or "")
    shown.step("4. Its caveats", "\n".join(f"- {caveat['text']}" for caveat in support["caveats"]))
    _print_pages(shown, people, support["review_url"])
    _print_record(shown, identities, support["review_url"])
    _print_commands(shown, support["advice_id"], data)
    _print_running(shown, data)


def _print_running(shown: _Output, data: Path) -> None:
    shown.console.print(
        f"\nRunning at {shown.base_url}; keys in {data}/demo.json; log lines in {data}/gateway.log."
    )
    shown.console.print("Ctrl-C ends it.")
    sys.stdout.flush()


def _print_failure(shown: _Output, error: APIError, people: dict[str, Any]) -> None:
    """What failed and how to go on. The gateway stays up: its pages and log can be looked at."""
    message = error.body.get("message") if isinstance(error.body, dict) else error.message
    status = f"{error.status_code} " if isinstance(error, APIStatusError) else ""
    shown.step(
        "The model gave no answer",
        f"{status}{error.code or type(error).__name__}: {message}\n\n"
        "Nothing was released. To go on, end the demo with Ctrl-C and start it again\n"
        "- with a key that works in the provider's variable (OPENAI_API_KEY, ANTHROPIC_API_KEY, AZURE_API_KEY), or\n"
        "- with none of them set: then the built-in rehearsal model answers.",
    )
    shown.console.print("\nThe pages can be looked at:\n")
    _print_sign_in(shown, people, f"{shown.base_url}/")


def _print_model(shown: _Output, settings: Settings) -> None:
    routes = settings.models or default_routes(os.environ)
    models = sorted({route.model for route in routes.values()})
    if models == [REHEARSAL]:
        shown.console.print(
            "No provider's key is set, so the built-in rehearsal model answers: an extract, no real model.\n"
            "Set OPENAI_API_KEY, ANTHROPIC_API_KEY, AZURE_API_KEY or OLLAMA_API_BASE to use one.\n"
        )
    else:
        shown.console.print(f"Model: {', '.join(models)}\n")


def _sent(payload: dict[str, Any]) -> str:
    return str(payload["messages"][-1]["content"])


def _print_pages(shown: _Output, people: dict[str, Any], review_url: str) -> None:
    shown.console.print("\n[bold]Now you decide[/bold], in a browser:\n")
    first = review_url.partition("/advice/")[0]
    _print_sign_in(shown, people, f"{review_url}   (the demo's advice; {first}/ is the first page)")


def _print_record(shown: _Output, identities: dict[str, Any], review_url: str) -> None:
    if "two_faults" not in identities:
        return
    first = review_url.partition("/advice/")[0]
    lines = [
        "Four weeks of made-up record stand in the queue, on /record and on /measures, marked as a demonstration.",
        "One answer in it has two wrong facts, and its page finds them (sign in as reviewer):",
        f"{first}/advice/{identities['two_faults']}",
    ]
    shown.console.print(Text("\n" + "\n".join(lines)), soft_wrap=True)


def _print_sign_in(shown: _Output, people: dict[str, Any], address: str) -> None:
    lines = [
        address,
        "",
        *(f"{person['username']:12} password {person['password']}" for person in people.values()),
    ]
    shown.console.print(Text("\n".join(lines)), soft_wrap=True)


def _print_commands(shown: _Output, advice: str, data: Path) -> None:
    python = f"{sys.executable} -c \"import json; d = json.load(open('{data}/demo.json')); print"
    url = f"{shown.base_url}/v1/advice/{advice}"
    lines = [
        "# the keys of this demo",
        f"REVIEWER=$({python}(d['people']['reviewer']['token'])\")",
        f"APPLICATION=$({python}(d['application_key'])\")",
        "",
        '# see the advice as the person who decides, then accept it (or: "decision": "reject")',
        f'curl -s -H "Authorization: Bearer $REVIEWER" {url}',
        'curl -s -H "Authorization: Bearer $REVIEWER" -H "Content-Type: application/json" \\',
        f'  -d \'{{"decision": "accept", "reason": "Checked against the record."}}\' {url}/decisions',
        "",
        "# fetch what was released, as the application",
        f'curl -s -H "Authorization: Bearer $APPLICATION" {url}',
        "",
        "# verify the whole log, offline, while it runs or after",
        f"{Path(sys.executable).parent / 'countersign'} audit verify --data {data}",
    ]
    shown.console.print("\n[bold]Or with the API[/bold] (paste into another terminal, in this folder):\n")
    shown.console.print(Text("\n".join(lines)), soft_wrap=True)
