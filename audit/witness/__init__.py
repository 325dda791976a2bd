"""Witnesses (C2SP tlog-witness): who cosigned a checkpoint, and a witness of one's own."""

from audit.witness.cosignatures import ValidCosignature, cosigned

__all__ = ["ValidCosignature", "cosigned"]
