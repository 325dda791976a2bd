"""Policies: what each use of AI may do, who decides on its advice, and how that is checked before it counts.

Files are read with every problem at its place, conditions are type-checked CEL, a policy's version names
exactly its wording. This part decides; it redacts nothing, asks nobody and stores nothing.
"""

from gateway.policy.approval import Approval, PolicyApproval
from gateway.policy.conditions import (
    AnswerFacts,
    DecisionFacts,
    LikenessCondition,
    RequestFacts,
    request_facts,
)
from gateway.policy.differences import Difference, contents, defaults_of, differences
from gateway.policy.editor_schemas import SCHEMAS, policy_schema, schema_of
from gateway.policy.examples import ExampleResult, InspectedAnswer, RedactedExample, run_examples
from gateway.policy.field_types import is_id, parse_duration
from gateway.policy.file_reading import Found, field_name, place_of
from gateway.policy.limits import Limits, Quota
from gateway.policy.model_terms import Models, ModelTerms, can_serve, terms_of
from gateway.policy.plain_data import KnownNames
from gateway.policy.policies_in_force import InForce
from gateway.policy.policy import Policy, PolicySet, Prompt, policy_of_words
from gateway.policy.policy_checks import doubts_about, notes_on
from gateway.policy.policy_errors import ConditionInvalid, PolicyInvalid, PolicyProblem
from gateway.policy.policy_loading import load_policies, read_folders
from gateway.policy.problem_words import in_words, meant, place_of_detail, unknown_field
from gateway.policy.reloading import Accept, Reloaded, reload_policies
from gateway.policy.safeguards import weakened
from gateway.policy.schema import (
    Alert,
    Caveat,
    Embeddings,
    Reasons,
    Redaction,
    Refusal,
    Retention,
    Review,
    Transcriptions,
)
from gateway.policy.seeded_check_files import PlantedCheck, SeededCheck, load_seeded_checks
from gateway.policy.shipped import shipped_policies
from gateway.policy.stages import Pilot, Scale, Scan
from gateway.policy.summaries import SectionSummary, summary
from gateway.policy.vectors import Embeds
from gateway.policy.yaml_words import character_mistake, yaml_mistake

__all__ = [
    "SCHEMAS",
    "Accept",
    "Alert",
    "AnswerFacts",
    "Approval",
    "Caveat",
    "ConditionInvalid",
    "DecisionFacts",
    "Difference",
    "Embeddings",
    "Embeds",
    "ExampleResult",
    "Found",
    "InForce",
    "InspectedAnswer",
    "KnownNames",
    "LikenessCondition",
    "Limits",
    "ModelTerms",
    "Models",
    "Pilot",
    "PlantedCheck",
    "Policy",
    "PolicyApproval",
    "PolicyInvalid",
    "PolicyProblem",
    "PolicySet",
    "Prompt",
    "Quota",
    "Reasons",
    "RedactedExample",
    "Redaction",
    "Refusal",
    "Reloaded",
    "RequestFacts",
    "Retention",
    "Review",
    "Scale",
    "Scan",
    "SectionSummary",
    "SeededCheck",
    "Transcriptions",
    "can_serve",
    "character_mistake",
    "contents",
    "defaults_of",
    "differences",
    "doubts_about",
    "field_name",
    "in_words",
    "is_id",
    "load_policies",
    "load_seeded_checks",
    "meant",
    "notes_on",
    "parse_duration",
    "place_of",
    "place_of_detail",
    "policy_of_words",
    "policy_schema",
    "read_folders",
    "reload_policies",
    "request_facts",
    "run_examples",
    "schema_of",
    "shipped_policies",
    "summary",
    "terms_of",
    "unknown_field",
    "weakened",
    "yaml_mistake",
]
