"""An Algorithmic Transparency Recording Standard record: what policy and record know, and named blanks for the rest.

The sections are those of the standard's template (gov.uk, Algorithmic Transparency Recording Standard Hub, version 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.oversight.measures import Figure, Measure
from gateway.policy import Policy

_BLANK: Final = "[To be written by the department]"


@dataclass(frozen=True)
class Entry:
    """One field of the template; `known` tells whether it was filled here."""

    section: str
    name: str
    text: str
    known: bool


def transparency_record(
    policy: Policy, *, since: str | None, models: list[str], measures: list[Measure]
) -> list[Entry]:
    """The record of one policy, field by field; `since`: the time at which this version came into force."""
    figures = {measure.id: measure.whole for measure in measures}
    fields: list[tuple[str, str, str | None]] = [
        ("Tier 1", "Name", policy.title),
        ("Tier 1", "Description", policy.purpose),
        ("Tier 1", "Website URL", None),
        ("Tier 1", "Contact", policy.contact),
        ("2.1 Owner and responsibility", "Organisation or department", None),
        ("2.1 Owner and responsibility", "Team", policy.owner),
        ("2.1 Owner and responsibility", "Senior responsible owner", None),
        ("2.1 Owner and responsibility", "External supplier involvement", None),
        ("2.2 Description and rationale", "Detailed description", policy.purpose),
        ("2.2 Description and rationale", "Scope", _refusals(policy)),
        ("2.2 Description and rationale", "Benefit", None),
        ("2.2 Description and rationale", "Previous process", None),
        ("2.2 Description and rationale", "Alternatives considered", None),
        ("2.3 Decision making process", "Process integration", _gate(policy)),
        ("2.3 Decision making process", "Human decisions and review", _review(policy)),
        ("2.3 Decision making process", "Frequency and scale of usage", _scale(figures)),
        ("2.3 Decision making process", "Required training", None),
        ("2.3 Decision making process", "Appeals and review", None),
        (
            "2.4 Tool specification",
            "System architecture",
            "Countersign stands between the application and the model: it replaces personal data by pseudonyms, keeps"
            " an append-only record that anybody entitled can verify, and releases nothing before a person decides.",
        ),
        ("2.4 Tool specification", "Phase", policy.stage),
        ("2.4 Tool specification", "Maintenance", since and f"This version is in force since {since}."),
        ("2.4 Tool specification", "Models", ", ".join(models)),
        ("2.4 Tool specification", "Model performance", None),
        ("2.5 Data", "Source data", None),
        (
            "2.5 Data",
            "Personal data and its retention",
            f"Content is kept for {policy.retention.seconds['content'] // 86_400} days after it is settled, pseudonyms"
            f" for {policy.retention.seconds['pseudonyms'] // 86_400}; the record itself holds no personal data.",
        ),
        ("2.5 Data", "Data sharing agreements", None),
        ("2.6 Risks, mitigations and impact assessments", "Impact assessments", None),
        (
            "2.6 Risks, mitigations and impact assessments",
            "Risks and mitigations",
            "Over-reliance: measured by time to decide, switch fraction and seeded checks. Personal data that leaves:"
            f" people reported {_percent(figures['missed'].value)} of advice with a value that was missed."
            if "missed" in figures and not figures["missed"].hidden
            else None,
        ),
    ]
    return [Entry(section, name, text or _BLANK, bool(text)) for section, name, text in fields]


def transparency_markdown(policy: Policy, entries: list[Entry]) -> str:
    """The record as Markdown, one heading a section."""
    lines = [
        f"# Algorithmic Transparency Record: {policy.title}",
        "",
        f"Policy {policy.id}, version {policy.version}",
    ]
    section = ""
    for entry in entries:
        if entry.section != section:
            section = entry.section
            lines += ["", f"## {section}"]
        lines += ["", f"### {entry.name}", "", entry.text]
    return "\n".join(lines) + "\n"


def _gate(policy: Policy) -> str:
    if policy.review.gate == "release":
        return "The answer is held and may only be used once it is accepted."
    return "The answer is seen at once and must be decided on; undecided advice that is overdue blocks new requests."


def _review(policy: Policy) -> str:
    deciders = "one person" if policy.review.deciders == 1 else "two different people"
    signed = " Each signs with a passkey of their own." if policy.review.signature == "passkey" else ""
    own_view = " They give their own view before they see the answer." if policy.review.view_first else ""
    return (
        f"Each answer is accepted or rejected by {deciders}, each with a credential of their own.{signed}{own_view}"
        f" Caveats that stand with it: {_caveats(policy)}"
    )


def _scale(figures: Mapping[str, Figure]) -> str | None:
    decided = figures["accepted"].count
    if decided is None:
        return None
    return (
        f"{decided} decisions by people are on record, {_percent(figures['accepted'].value)} of them to accept,"
        f" {_percent(figures['rejected'].value)} to reject."
    )


def _percent(value: float | None) -> str:
    return "(hidden)" if value is None else f"{value * 100:.1f} %"


def _refusals(policy: Policy) -> str | None:
    return None if not policy.refuse else "Refused: " + "; ".join(rule.say for rule in policy.refuse)


def _caveats(policy: Policy) -> str:
    return " ".join(f"“{caveat.say}”" for caveat in policy.caveats) or "none."
