"""One advice on one page: what was asked, the answer with its caveats, where it came from, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from fastapi import Response

from audit import now_text
from gateway.advice import Advice, find_advice, not_open, thousandths_changed, word_runs
from gateway.identity import name_people
from gateway.policy import Policy
from gateway.steps import unknown_advice
from gateway.storage import Connection
from gateway.web import advice_text
from gateway.web.drafts import Draft, read_draft
from gateway.web.error_pages import not_found
from gateway.web.evidence_marks import EvidenceMarks
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems

_PART: Final = 30_000
"""Characters of a text that stand on one page: the rest is on pages of its own, so that none is heavy."""
_MAX_COMPARED_LENGTH: Final = 2 * _PART
"""Characters of both texts: beyond that only the measure of their difference is shown."""
_DIGITS: Final = 10


@dataclass(frozen=True)
class AdviceView:
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
        """What an accept with changes begins with."""
        return advice_text.amendable(self.document)

    @property
    def to_confirm(self) -> list[str]:
        """The caveats of this advice that its policy wants confirmed one by one."""
        return [caveat["id"] for caveat in self.advice.caveats if caveat["id"] in self.advice.review.confirm]

    @cached_property
    def marks(self) -> EvidenceMarks:
        """What its evidence marks in the texts."""
        return advice_text.evidence_marks(self.document)

    @property
    def facts_to_confirm(self) -> list[str]:
        """The facts that its policy wants confirmed one by one before the answer is accepted as it is."""
        return [doubt.id for doubt in self.marks.doubts] if self.advice.review.confirm_facts else []

    def own_decision(self, page: PageRequest) -> Mapping[str, Any] | None:
        """The person's own decision."""
        own = (decision for decision in self.document["decisions"] if decision["person"] == page.person.id)
        return next(own, None)

    def may_decide(self, page: PageRequest) -> bool:
        """Whether the form is shown; the log's transaction judges again."""
        return not_open(self.advice, page.person.id, now_text()) is None and self.own_decision(page) is None


async def show(page: PageRequest) -> Response:
    """The advice; that it is shown is on the record first."""
    return await advice_page(page, Problems(page.language), await read_draft(page, advice_id(page)))


async def show_asked(page: PageRequest) -> Response:
    """The request, page by page, if it is too long for the advice's own page."""
    shown, place = await load_advice(page), _place(page)
    asked, rest = advice_text.part(advice_text.asked(shown.document, shown.marks), place, _PART)
    return _part(page, shown, place, rest, asked=asked)


async def show_answer(page: PageRequest) -> Response:
    """The answer, in the same way."""
    shown, place = await load_advice(page), _place(page)
    answers, rest = advice_text.answer_part(_answers(shown), place, _PART)
    return _part(page, shown, place, rest, answers=answers)


async def show_accepted(page: PageRequest) -> Response:
    """The text that was accepted in place of the model's, in the same way."""
    shown, place = await load_advice(page), _place(page)
    amended = _amended(shown)
    text = [] if amended is None else [advice_text.Message("", [advice_text.Piece(amended["text"])])]
    accepted, rest = advice_text.part(text, place, _PART)
    return _part(page, shown, place, rest, accepted=accepted)


def _part(page: PageRequest, shown: AdviceView, place: int, rest: int | None, **texts: Any) -> Response:
    if not any(texts.values()):
        raise not_found()
    return page.render(
        "part-of-text.html",
        advice=shown.advice,
        policy=shown.policy,
        address=f"{page.request.url.path}?from=",
        before=max(0, place - _PART) if place else None,
        rest=rest,
        may_decide=shown.may_decide(page),
        places=advice_text.addresses(
            advice_text.asked(shown.document, shown.marks), shown.advice.id, _PART, elsewhere=True
        ),
        **texts,
    )


def _place(page: PageRequest) -> int:
    start = page.query("from")
    return int(start) if start.isascii() and start.isdigit() and len(start) < _DIGITS else 0


def _answers(shown: AdviceView) -> list[list[advice_text.Line]]:
    marks = shown.marks
    return [
        advice_text.lines(text, shown.document, shown.policy_then, marks.marks(number), marks.notes(number))
        for number, text in enumerate(advice_text.answers(shown.document))
    ]


async def back(page: PageRequest) -> Response:
    """Where a form was sent to there is no page: somebody who reloads or comes back is shown the advice."""
    return page.redirect(f"/advice/{advice_id(page)}")


async def advice_page(
    page: PageRequest,
    problems: Problems,
    typed: Draft,
    *,
    status: int = 200,
    alone: bool = False,
    compare: bool = False,
) -> Response:
    """The page, with what is wrong with a form and with what was typed into it.

    `alone` is the form without the texts, for changing a long one; `compare` shows how the text was changed so far.
    """
    shown = await load_advice(page)
    advice, document = shown.advice, shown.document
    mine = shown.own_decision(page)
    marks = shown.marks
    messages = advice_text.asked(document, marks)
    asked, rest = advice_text.part(messages, 0, _PART)
    answers, answer_rest = advice_text.answer_part(_answers(shown), 0, _PART)
    amendment = advice_text.plain(typed.get("amendment", [shown.text])[0])
    return page.render(
        "one-advice.html",
        status=status,
        problems=problems,
        advice=advice,
        document=document,
        names=shown.names,
        policy=shown.policy,
        asked=asked,
        rest=rest,
        answers=answers,
        answered="completion" in document,
        ends=advice_text.finish_reasons(document),
        answer_rest=answer_rest,
        alone=alone,
        changing_here=alone or len(shown.text) <= _PART or amendment != shown.text,
        compared=_difference(shown.text, amendment) if compare else None,
        added=advice_text.added(document),
        confirm=shown.to_confirm,
        evidence=marks.evidence,
        doubts=marks.doubts,
        left_out=marks.left_out,
        places=advice_text.addresses(messages, advice.id, _PART),
        facts_confirmed=typed.get("facts_confirmed", []),
        mine=mine,
        may_decide=shown.may_decide(page),
        own_request=advice.requester == page.person.id,
        amended=_amended(shown),
        typed={name: values[0] for name, values in typed.items() if values},
        confirmed=typed.get("caveats_read", []),
        kept=not problems and not compare and _holds_something(typed, shown),
        text=shown.text,
        seconds_left=_seconds_left(advice),
        recorded=page.query("recorded"),
    )


def _holds_something(typed: Draft, shown: AdviceView) -> bool:
    """Whether a draft is worth a word: a page's fields as they were sent out are none."""
    has_text = any(typed.get(name, [""])[0] for name in ("decision", "reason", "view", "own_view"))
    amendment = advice_text.plain(typed.get("amendment", [shown.text])[0])
    return has_text or amendment != shown.text


async def load_advice(page: PageRequest) -> AdviceView:
    """The advice that the address names, as this person sees it; that they see it is on the record first."""
    document = await page.services.pipeline.read(page.person, advice_id(page))

    def find(connection: Connection) -> tuple[Advice | None, dict[str, str]]:
        people = [decision["person"] for decision in document["decisions"]]
        people += [document["requester"]] if document["requester"] else []
        return find_advice(connection, document["id"]), name_people(connection, people)

    advice, names = await page.services.database.fetch(find)
    if advice is None:
        raise unknown_advice()
    return AdviceView(advice, document, names, page.services.policies.get(advice.policy))


def _amended(shown: AdviceView) -> dict[str, Any] | None:
    """The text that was accepted in place of the model's, and how the two differ."""
    number = shown.advice.released_text
    if shown.advice.status != "accepted" or not number or "amendments" not in shown.document:
        return None
    text = shown.document["amendments"][number - 1]["content"]
    return {"text": text, "long": len(text) > _PART, **_difference(shown.text, text)}


def _difference(before: str, after: str) -> dict[str, Any]:
    """The changed share of a text, in per cent of its words, and the places of the changes, unless both texts are too
    long for a page.
    """
    runs = word_runs(before, after) if len(before) + len(after) <= _MAX_COMPARED_LENGTH else []
    return {"changed": thousandths_changed(before, after) / 10, "runs": runs}


def _seconds_left(advice: Advice) -> int | None:
    if advice.status != "pending" or advice.decide_by is None:
        return None
    return round((datetime.fromisoformat(advice.decide_by) - datetime.now(UTC)).total_seconds())


def advice_id(page: PageRequest) -> str:
    """The advice that the address names."""
    return str(page.request.path_params["advice"])
