"""The operation of a running gateway: retention, disclosure of content, periodic tasks, the heartbeat among other
gateways, and the roll-out of changed policies.
"""

from gateway.operations.background_tasks import abandon_undelivered, expire_undecided, run_every
from gateway.operations.backup import Backup, BackupRefused, make_backup, read_backup, restore_backup
from gateway.operations.content_disclosure import DisclosureFile, disclose_content
from gateway.operations.health import Health, HealthCheck, check_disk
from gateway.operations.heartbeat import SILENT_SECONDS, Heartbeat
from gateway.operations.log_key_change import LogKey
from gateway.operations.policy_changes import Change, RetentionFor, changes_of
from gateway.operations.policy_events import record_start, retire_policy
from gateway.operations.policy_evidence import evidence_for, evidence_missing, evidence_on_record
from gateway.operations.policy_files import restore_files
from gateway.operations.policy_impact import MAX_REPLAYED, Impact, Instance, replay
from gateway.operations.policy_rollout import OUT_OF_STEP_SECONDS, PolicyRollout, fingerprint
from gateway.operations.policy_trial import PolicyTrial, read_folders_with, try_examples
from gateway.operations.policy_versions import (
    RETIRED,
    PolicyVersion,
    damaged_words,
    find_version,
    history_of,
    kept_files,
    kept_policy,
    kept_words,
    retired_policies,
    versions_on_record,
)
from gateway.operations.retention import Retention
from gateway.operations.services import Services
from gateway.operations.starting_policies import StartingPolicies, learn_examples, starting_policies

__all__ = [
    "MAX_REPLAYED",
    "OUT_OF_STEP_SECONDS",
    "RETIRED",
    "SILENT_SECONDS",
    "Backup",
    "BackupRefused",
    "Change",
    "DisclosureFile",
    "Health",
    "HealthCheck",
    "Heartbeat",
    "Impact",
    "Instance",
    "LogKey",
    "PolicyRollout",
    "PolicyTrial",
    "PolicyVersion",
    "Retention",
    "RetentionFor",
    "Services",
    "StartingPolicies",
    "abandon_undelivered",
    "changes_of",
    "check_disk",
    "damaged_words",
    "disclose_content",
    "evidence_for",
    "evidence_missing",
    "evidence_on_record",
    "expire_undecided",
    "find_version",
    "fingerprint",
    "history_of",
    "kept_files",
    "kept_policy",
    "kept_words",
    "learn_examples",
    "make_backup",
    "read_backup",
    "read_folders_with",
    "record_start",
    "replay",
    "restore_backup",
    "restore_files",
    "retire_policy",
    "retired_policies",
    "run_every",
    "starting_policies",
    "try_examples",
    "versions_on_record",
]
