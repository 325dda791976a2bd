"""What keeps a running gateway in order: retention, disclosure of content, the tasks that it does by itself once a
second, its heartbeat among other gateways, and how changed policies come into force.
"""

from gateway.operations.background_tasks import run_periodic_tasks, show_state
from gateway.operations.backup import Backup, BackupRefused, make_backup, read_backup, restore_backup
from gateway.operations.content_disclosure import DisclosureFile, disclose_content
from gateway.operations.health import Health, HealthCheck, check_disk
from gateway.operations.heartbeat import HEARTBEAT_SECONDS, SILENT_SECONDS, Heartbeat
from gateway.operations.policy_impact import Impact, replay
from gateway.operations.policy_rollout import (
    OUT_OF_STEP_SECONDS,
    PolicyRollout,
    fingerprint,
    newest_versions,
    read_folders_with,
    record_start,
    try_examples,
)
from gateway.operations.retention import Retention

__all__ = [
    "HEARTBEAT_SECONDS",
    "OUT_OF_STEP_SECONDS",
    "SILENT_SECONDS",
    "Backup",
    "BackupRefused",
    "DisclosureFile",
    "Health",
    "HealthCheck",
    "Heartbeat",
    "Impact",
    "PolicyRollout",
    "Retention",
    "check_disk",
    "disclose_content",
    "fingerprint",
    "make_backup",
    "newest_versions",
    "read_backup",
    "read_folders_with",
    "record_start",
    "replay",
    "restore_backup",
    "run_periodic_tasks",
    "show_state",
    "try_examples",
]
