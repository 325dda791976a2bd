"""What can go wrong with a log, as one tree.

AuditError
├── FormatInvalid         bytes or values that break one of the formats; the text repeats nothing of them
│   ├── EventInvalid      an event, before it is recorded or when it is read
│   ├── NoteInvalid       a key, a signed note, a checkpoint or a cosignature
│   ├── TileInvalid       a tile's path, a tile or an entry bundle
│   ├── SignatureInvalid  a passkey, or what it is to have signed
│   └── PolicyUnreadable  a trust policy
├── NotInLog              an index, size or tile that the log doesn't have (yet)
├── LogFull               too many commands wait; try again shortly
├── LogUnavailable        the log can't be written now; what was asked is not confirmed
├── StartRefused          signing on this database could fork or damage the log
│   ├── LogInUse          another process, or another `Log`, has it open
│   ├── LogDamaged        what is stored contradicts itself
│   └── ForkRefused       a newer or a different checkpoint is known outside the database
└── Unreadable            there is nothing that could be verified
"""


class AuditError(Exception):
    """Any refusal of this package."""


class FormatInvalid(AuditError, ValueError):
    """Bytes or values that break a format."""


class EventInvalid(FormatInvalid):
    """An event that can't be recorded, or bytes that are no event; names the member, never its value."""


class NoteInvalid(FormatInvalid):
    """A verifier key, signing key, signed note, checkpoint or cosignature that doesn't hold."""


class TileInvalid(FormatInvalid):
    """A path that names no tile, or bytes that are no tile or entry bundle of that width."""


class SignatureInvalid(FormatInvalid):
    """An invalid passkey, or a signature that does not hold."""


class PolicyUnreadable(FormatInvalid):
    """A file that is no trust policy; names the line, never what stands there."""


class NotInLog(AuditError, LookupError):
    """An index, size or tile that no checkpoint of this log covers yet."""


class LogFull(AuditError):
    """As many commands wait as the log accepts; try again shortly."""


class LogUnavailable(AuditError):
    """The log can't be written now; only the log itself tells whether the events are on record."""


class StartRefused(AuditError):
    """The log must not be written as it stands; the text says what to do."""


class LogInUse(StartRefused):
    """The log is open already."""


class LogDamaged(StartRefused):
    """What is stored contradicts itself or its signature."""


class ForkRefused(StartRefused):
    """The database is older than, or differs from, a checkpoint signed before; the text holds both."""


class Unreadable(AuditError):
    """No log could be read there, so nothing was verified."""
