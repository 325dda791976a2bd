"""PERSON after a label: "Name: John Smith", "Defendant: A. Okafor", `surname: smith`."""

from gateway.redaction.recognisers.identifier import Identifier, patterns
from gateway.redaction.recognisers.person_titled import PERSON_NAME

_COLON = r"[*_]{0,2} ?[:=][*_]{0,2} {0,3}"
_NAME_LABEL = (
    r"(?:(?:full|first|last|given|family|middle|known|birth|maiden|preferred|client|offender|"
    r"defendant|victim|witness|"
    r"patient|person|prisoner|user|officer|contact|display) ?name|"
    r"(?<!\p{L} )name|fore ?names?|surname|alias(?:es)?|aka)"
)
_ROLE_LABEL = (
    r"(?:defendant|offender|client|service user|person on probation|victim|witness|complainant|"
    r"prisoner|next of kin|"
    r"supervising officer|probation practitioner|practitioner|keyworker|key worker|author|"
    r"assessor|solicitor|signed|"
    r"report by|prepared by|completed by|attended by)"
)
_PARTY = r"(?!THE |REGINA|REX|R )\p{Lu}[\p{Lu}'-]+(?: \p{Lu}[\p{Lu}'-]*){1,3}(?!\p{L})"
"""A party whose name is in capitals throughout: "LILY NETTLE -v- DON HUMBLE"."""
_NAME_KEY = r"(?:\w{2,20}_)?(?:(?:first|last|full|given|family|middle|client|patient)_?name|surname|forename)"
_ROLE_KEY = (
    r"(?:\w{2,20}_)?(?:name|worker|client|defendant|offender|victim|witness|complainant|patient|prisoner|officer|author|"
    r"practitioner|next_?of_?kin|mother|father|parent|partner|child|contact|solicitor|manager)"
)
_CAPITALS = r"\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*){1,3}"
_WORD = r"\p{L}[\p{L}'.-]*(?<=\p{L})"


class PersonLabelled(Identifier):
    """What follows the label of a name, in any case; after the label of a role, only what is written as a name."""

    ENTITY = "PERSON"
    LOOK = (
        r"\" ?: ?\"| -?vs?\.?-? |[:=](?<=(?:names?|alias(?:es)?|aka|defendant|offender|client|user|probation|victim|"
        r"witness|complainant|"
        r"prisoner|kin|officer|practitioner|worker|author|assessor|solicitor|signed|by)[*_]{0,2} ?[:=])"
    )
    NEAR = 160
    FORMS = patterns(
        {
            rf"(?<!\p{{L}}){_NAME_LABEL}{_COLON}\K{_WORD}(?: {_WORD}){{0,3}}(?= ?(?:[,;.()|<\"\n]|$))": 0.7,
            rf"(?-i:(?<![^\n.:;]){_PARTY}(?= -?vs?\.?-? \p{{Lu}}{{2}}))": 0.7,
            rf"(?-i:(?<=\p{{Lu}}{{2}} -?vs?\.?-? ){_PARTY})": 0.7,
            rf'"{_NAME_KEY}" ?: ?"\K(?-i:{PERSON_NAME})(?=")': 0.7,
            rf'"{_ROLE_KEY}" ?: ?"\K(?-i:{_CAPITALS})(?=")': 0.7,
            rf"(?<!\p{{L}})(?:{_NAME_LABEL}|{_ROLE_LABEL}){_COLON}\K(?-i:{PERSON_NAME})": 0.7,
        }
    )
