"""What the steps of the pipeline need, one file each."""

from gateway.steps.case_locks import CaseLocks

__all__ = ["CaseLocks"]
