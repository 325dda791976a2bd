"""Proving one decision to somebody who has nothing but a file and two keys: `gather` makes it, `check` reads it."""

from audit.proofs.explanation import describe_event, describe_signature, explain
from audit.proofs.file import DecisionProof, ProvenEvent, decode_file, encode_file
from audit.proofs.passkey_holders import signers
from audit.proofs.proof_check import ProofReport, check
from audit.proofs.proof_collection import gather
from audit.proofs.tlog_proof import TlogProof, decode_proof, encode_proof

__all__ = [
    "DecisionProof",
    "ProofReport",
    "ProvenEvent",
    "TlogProof",
    "check",
    "decode_file",
    "decode_proof",
    "describe_event",
    "describe_signature",
    "encode_file",
    "encode_proof",
    "explain",
    "gather",
    "signers",
]
