"""Oversight: whether people decide, measured from the record, and how others are told.

`facts` reads what is measured, `definitions` says what each measure is, `measures` works them out.
"""

from gateway.oversight.alerts import list_alerts
from gateway.oversight.chart_data import AlertLine, BarChart, drawings, lines_of
from gateway.oversight.charts import draw, draw_amounts, draw_picture
from gateway.oversight.concerns import (
    SEVERITIES,
    STATES,
    Concern,
    Severity,
    State,
    answer_concern,
    find_concern,
    list_concerns,
    raise_concern,
    words_of,
)
from gateway.oversight.decision_columns import AdviceByDay, Decisions, advice_by_day
from gateway.oversight.decision_document import decision_pdf
from gateway.oversight.decision_proof import EventDescription, ProvenDecision, prove
from gateway.oversight.definitions import FEWEST
from gateway.oversight.measure_service import MeasureService
from gateway.oversight.measures import GROUPINGS, By, Figure, Measure, Question, measure
from gateway.oversight.pdf import Block
from gateway.oversight.policy_record import PolicyRecord, PolicyShare, record_of_policy
from gateway.oversight.record_search import (
    MAX_COUNTED,
    Search,
    SearchResult,
    in_force,
    known_policies,
    search,
)
from gateway.oversight.statement import as_markdown, statement, statement_pdf
from gateway.oversight.table_files import as_csv, is_day
from gateway.oversight.transparency import Entry, transparency_markdown, transparency_record
from gateway.oversight.usage_report import (
    USAGE_GROUPINGS,
    Usage,
    UsageBy,
    is_month,
    limit_warnings_in,
    usage_by,
    usage_csv,
    usage_of_month,
    usage_table,
    usage_total,
)

__all__ = [
    "FEWEST",
    "GROUPINGS",
    "MAX_COUNTED",
    "SEVERITIES",
    "STATES",
    "USAGE_GROUPINGS",
    "AdviceByDay",
    "AlertLine",
    "BarChart",
    "Block",
    "By",
    "Concern",
    "Decisions",
    "Entry",
    "EventDescription",
    "Figure",
    "Measure",
    "MeasureService",
    "PolicyRecord",
    "PolicyShare",
    "ProvenDecision",
    "Question",
    "Search",
    "SearchResult",
    "Severity",
    "State",
    "Usage",
    "UsageBy",
    "advice_by_day",
    "answer_concern",
    "as_csv",
    "as_markdown",
    "decision_pdf",
    "draw",
    "draw_amounts",
    "draw_picture",
    "drawings",
    "find_concern",
    "in_force",
    "is_day",
    "is_month",
    "known_policies",
    "limit_warnings_in",
    "lines_of",
    "list_alerts",
    "list_concerns",
    "measure",
    "prove",
    "raise_concern",
    "record_of_policy",
    "search",
    "statement",
    "statement_pdf",
    "transparency_markdown",
    "transparency_record",
    "usage_by",
    "usage_csv",
    "usage_of_month",
    "usage_table",
    "usage_total",
    "words_of",
]
