"""One decision as a document for people, with its proof inside."""

from audit import explain_decision
from gateway.oversight.decision_proof import ProvenDecision
from gateway.oversight.pdf import Block, as_pdf

_HOW = (
    "The file {name} is kept inside this document, and can be had on its own. To check it without trusting anybody:"
    " install the command countersign-audit, get the log's verifier key from where it is published (not from here), and"
    " run: countersign-audit check {name} --key KEY"
)


def decision_pdf(proven: ProvenDecision) -> bytes:
    """The story in words, what it rests on, and how anybody checks it; `countersign-decision/v1` is attached."""
    name = f"{proven.advice}.decision.json"
    blocks: list[Block] = [("title", f"The record of advice {proven.advice}")]
    lines = explain_decision(proven.checked)
    blocks += [("text", text) for text in _paragraphs(lines)]
    blocks += [("heading", "How to check this"), ("text", _HOW.format(name=name))]
    blocks += [("heading", "The checkpoint"), ("note", proven.checked.proof.events[0].proof.note.decode())]
    return as_pdf(f"The record of advice {proven.advice}", blocks, attached=(name, proven.file))


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines that were broken for a terminal, put together again; a blank or a less indented line begins anew."""
    paragraphs: list[str] = []
    depth = 0
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            depth = -1
        elif paragraphs and depth >= 0 and indent >= depth > 0 and not line.lstrip().startswith("- "):
            paragraphs[-1] += " " + line.strip()
        else:
            paragraphs.append(line.strip())
            depth = indent + 2 if line.lstrip().startswith("- ") else indent
    return paragraphs
