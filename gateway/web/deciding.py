"""One advice on one page: what was asked, the answer with its caveats, where it came from, and the decision on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from fastapi import Response

from gateway.advice import Advice, find_advice
from gateway.calls import Decision, MissedRedaction
from gateway.disclosure import unknown_advice
from gateway.errors import GatewayError
from gateway.identity import name_people
from gateway.metrics import Metrics
from gateway.policy import Policy
from gateway.storage import Connection
from gateway.web import reading
from gateway.web.differences import differences
from gateway.web.drafts import Draft, drop_draft, keep_draft, read_draft
from gateway.web.errors import not_found
from gateway.web.problems import Problems
from gateway.web.visit import Visit

_LONGEST_REASON: Final = 10_000
_LONGEST_VIEW: Final = 10_000
_LONGEST_VALUE: Final = 500

_ASKED: Final = 30_000
"""Characters of what was asked that stand on one page: the rest is on pages of its own, so that none is heavy."""

_DIGITS: Final = 10
_CHOICES: Final = ("accept", "change", "reject")
_TOO_LATE: Final = ("already_decided", "advice_settled", "advice_expired", "requester_may_not_decide")


@dataclass(frozen=True)
class _Shown:
    """An advice as this person sees it: its state, and the document of what they may see."""

    advice: Advice
    document: Mapping[str, Any]
    names: Mapping[str, str]
    policy: Policy | None

    @property
    def policy_then(self) -> Policy | None:
        """The policy, if it is still the one under which the advice was given."""
        same = self.policy is not None and self.policy.version == self.advice.policy_version
        return self.policy if same else None

    @property
    def text(self) -> str:
        """The first choice of the answer: what an accept with changes begins with."""
        return reading.plain(next(iter(reading.answers(self.document)), ""))

    def mine(self, visit: Visit) -> Mapping[str, Any] | None:
        """The person's own decision."""
        own = (one for one in self.document["decisions"] if one["person"] == visit.person.id)
        return next(own, None)

    def may_decide(self, visit: Visit) -> bool:
        """Whether the form is shown; the log's transaction judges again."""
        open_ = self.advice.status == "pending" and not self.advice.expired_at(_now())
        own = self.advice.review.not_the_requester and self.advice.requester == visit.person.id
        return open_ and not own and self.mine(visit) is None


async def show(visit: Visit) -> Response:
    """The advice; that it is shown is on the record first."""
    return await _page(visit, Problems(visit.language), read_draft(visit, _id(visit)))


async def show_asked(visit: Visit) -> Response:
    """What was asked, page by page, where it is too long for the advice's own page."""
    shown = await _shown(visit)
    start = visit.query("from")
    place = int(start) if start.isascii() and start.isdigit() and len(start) < _DIGITS else 0
    asked, rest = reading.part(reading.asked(shown.document), place, _ASKED)
    if not asked:
        raise not_found()
    return visit.page(
        "asked.html",
        advice=shown.advice,
        policy=shown.policy,
        asked=asked,
        before=max(0, place - _ASKED) if place else None,
        rest=rest,
    )


async def back(visit: Visit) -> Response:
    """Where a form was sent to there is no page: somebody who reloads or comes back is shown the advice."""
    return visit.go(f"/advice/{_id(visit)}")


async def give_view(visit: Visit) -> Response:
    """Record the person's own view; then the advice is shown to them."""
    problems = Problems(visit.language)
    view = visit.value("view")
    if not view.strip():
        problems.add("view", problems._("Write down what you think before you see the advice"))
    if len(view) > _LONGEST_VIEW:
        problems.add("view", problems._("Your view is too long"))
    if not problems:
        try:
            await visit.parts.pipeline.give_view(visit.person, _id(visit), view)
        except GatewayError as error:
            problems.add("view", _told(problems, error))
        else:
            await drop_draft(visit, _id(visit))
            return visit.go(f"/advice/{_id(visit)}")
    return await _again(visit, problems, status=422)


async def decide(visit: Visit) -> Response:
    """Record the person's decision, or say what is missing or in its way, with everything typed kept."""
    shown = await _shown(visit)
    problems = Problems(visit.language)
    if not shown.may_decide(visit) and shown.mine(visit) is None:
        problems.add("decision", _told(problems, _not_open(shown, visit)))
        return await _again(visit, problems, status=409)
    decision = _read(visit, shown, problems)
    if problems or decision is None:
        return await _again(visit, problems, status=422)
    try:
        await visit.parts.pipeline.decide(visit.person, shown.advice.id, decision)
    except GatewayError as error:
        if error.status not in (403, 409, 422):
            raise
        problems.add("decision", _told(problems, error))
        return await _again(visit, problems, status=error.status)
    await drop_draft(visit, shown.advice.id)
    return visit.go(f"/advice/{shown.advice.id}?recorded=decision")


async def report_missed(visit: Visit) -> Response:
    """Report something personal that was not taken out; from now on it is, in this case.

    The report comes with whatever stands in the page's other form, which is kept.
    """
    problems = Problems(visit.language)
    value = visit.value("missed").strip()
    if not value:
        problems.add("missed", problems._("Enter what should have been taken out"))
    elif len(value) > _LONGEST_VALUE:
        problems.add("missed", problems._("Enter only the words that should have been taken out"))
    else:
        try:
            report = MissedRedaction(value=value, type=None)
            missed = await visit.parts.pipeline.report_missed(visit.person, _id(visit), report)
        except GatewayError as error:
            if error.code != "invalid_field":
                raise
            problems.add(
                "missed", problems._("Copy it from the text above as it stands there, in whole words")
            )
        else:
            if missed.new:
                metrics: Metrics = visit.request.app.state.metrics
                metrics.redactions_missed.labels(missed.policy, missed.type).inc()
            rest = {name: values for name, values in visit.form.items() if name != "missed"}
            await keep_draft(visit, visit.request.url.path, rest)
            return visit.go(f"/advice/{_id(visit)}?recorded=missed")
    return await _again(visit, problems, status=422)


def _read(visit: Visit, shown: _Shown, problems: Problems) -> Decision | None:
    choice, reason = visit.value("decision"), visit.value("reason")
    text = reading.plain(visit.value("amendment"))
    review = shown.advice.review
    if choice not in _CHOICES:
        problems.add("decision", problems._("Select what you decide"))
        return None
    if review.view_first and visit.value("own_view") not in ("agrees", "differs"):
        problems.add("own_view", problems._("Select whether the advice agrees with the view you gave"))
    if choice == "change" and not text.strip():
        problems.add("amendment", problems._("Write the text as you accept it"))
    elif choice == "change" and text == shown.text:
        problems.add("amendment", problems._("Change the text, or select ‘Accept as it is’"))
    elif choice == "accept" and text and text != shown.text:
        problems.add(
            "amendment",
            problems._("You changed the text: select ‘Accept with changes’, or undo your changes"),
        )
    if choice != "reject" and set(_to_confirm(shown)) - set(visit.form.get("caveats_read", [])):
        problems.add("caveats_read", problems._("Read and confirm each caveat, or reject the advice"))
    needed = review.reject_reason if choice == "reject" else review.accept_reason
    if needed and not reason.strip():
        problems.add("reason", problems._("Give your reasons"))
    if len(reason) > _LONGEST_REASON:
        problems.add("reason", problems._("Your reasons are too long"))
    if problems:
        return None
    return Decision(
        decision="reject" if choice == "reject" else "accept",
        reason=reason or None,
        amendment=text if choice == "change" else None,
        caveats_read=[one for one in visit.form.get("caveats_read", []) if one in _to_confirm(shown)],
        own_view=_own_view(visit, shown),
    )


def _own_view(visit: Visit, shown: _Shown) -> Literal["agrees", "differs"] | None:
    if not shown.advice.review.view_first:
        return None
    return "agrees" if visit.value("own_view") == "agrees" else "differs"


def _to_confirm(shown: _Shown) -> list[str]:
    """The caveats of this advice that its policy wants confirmed one by one."""
    return [one["id"] for one in shown.advice.caveats if one["id"] in shown.advice.review.confirm]


async def _again(visit: Visit, problems: Problems, *, status: int) -> Response:
    """The page with what is wrong; what was typed stands in it, and is kept should the visitor leave it."""
    await keep_draft(visit, visit.request.url.path, visit.form)
    return await _page(visit, problems, visit.form, status=status)


async def _page(visit: Visit, problems: Problems, typed: Draft, *, status: int = 200) -> Response:
    shown = await _shown(visit)
    advice, document = shown.advice, shown.document
    mine = shown.mine(visit)
    asked, rest = reading.part(reading.asked(document), 0, _ASKED)
    return visit.page(
        "one-advice.html",
        status=status,
        problems=problems,
        advice=advice,
        document=document,
        names=shown.names,
        policy=shown.policy,
        asked=asked,
        rest=rest,
        answers=[reading.lines(text, document, shown.policy_then) for text in reading.answers(document)],
        added=reading.added(document),
        confirm=_to_confirm(shown),
        mine=mine,
        may_decide=shown.may_decide(visit),
        own_request=advice.requester == visit.person.id,
        amended=_amended(shown),
        typed={name: values[0] for name, values in typed.items() if values},
        confirmed=typed.get("caveats_read", []),
        kept=not problems and _holds_something(typed, shown),
        text=shown.text,
        seconds_left=_seconds_left(advice),
        recorded=visit.query("recorded"),
    )


def _holds_something(typed: Draft, shown: _Shown) -> bool:
    """Whether a draft is worth a word: a page's fields as they were sent out are none."""
    written = any(typed.get(name, [""])[0] for name in ("decision", "reason", "view", "own_view"))
    amendment = reading.plain(typed.get("amendment", [shown.text])[0])
    return written or amendment != shown.text


async def _shown(visit: Visit) -> _Shown:
    document = await visit.parts.pipeline.read(visit.person, _id(visit))

    def find(connection: Connection) -> tuple[Advice | None, dict[str, str]]:
        people = [one["person"] for one in document["decisions"]]
        people += [document["requester"]] if document["requester"] else []
        return find_advice(connection, document["id"]), name_people(connection, people)

    advice, names = visit.parts.database.read(find)
    if advice is None:
        raise unknown_advice()
    return _Shown(advice, document, names, visit.parts.policies.get(advice.policy))


def _amended(shown: _Shown) -> dict[str, Any] | None:
    """The text that was accepted in place of the model's, and how the two differ."""
    number = shown.advice.released_text
    if shown.advice.status != "accepted" or not number or "amendments" not in shown.document:
        return None
    text = shown.document["amendments"][number - 1]["content"]
    return {"text": text, **differences(shown.text, text)}


def _seconds_left(advice: Advice) -> int | None:
    if advice.status != "pending" or advice.decide_by is None:
        return None
    return round((datetime.fromisoformat(advice.decide_by) - datetime.now(UTC)).total_seconds())


def _not_open(shown: _Shown, visit: Visit) -> GatewayError:
    advice = shown.advice
    if advice.review.not_the_requester and advice.requester == visit.person.id:
        return GatewayError("requester_may_not_decide", "Pass it to a colleague.")
    if advice.status == "expired" or advice.expired_at(_now()):
        return GatewayError("advice_expired", "The time is over.")
    return GatewayError("advice_settled", "It was decided already.")


def _told(problems: Problems, error: GatewayError) -> str:
    texts = {
        "already_decided": problems._("You decided on this advice already. One decision per person stands"),
        "advice_settled": problems._(
            "Somebody else decided on this advice before you. Nothing of yours was recorded"
        ),
        "advice_expired": problems._("The time to decide on this advice is over. Nothing was recorded"),
        "requester_may_not_decide": problems._(
            "You asked for this advice, so somebody else must decide on it"
        ),
        "view_recorded": problems._("You gave another view before. The first one stands"),
    }
    return texts.get(error.code) or problems._("This could not be recorded. Check what you entered")


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["advice"])


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
