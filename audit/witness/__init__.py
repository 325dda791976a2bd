"""Witnesses (C2SP tlog-witness): who cosigned a checkpoint, and a witness of one's own."""

from audit.witness.cosigned import Cosigned, cosigned

__all__ = ["Cosigned", "cosigned"]
