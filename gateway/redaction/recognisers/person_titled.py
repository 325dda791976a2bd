"""PERSON after a title: "Mr Smith", "Ms O'Neill", "Dr A. van den Berg"."""

from gateway.redaction.recognisers.identifier import Identifier, patterns

_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Revd|Father|Sister|Imam|Rabbi|"
    r"W?PC|PCSO|DC|DS|DI|DCI|Sgt|Insp|HHJ|DDJ|Cllr|"
    r"(?:D/|Det\.? |DET )?(?:Con|CON|Sgt|SGT|Insp|INSP|Ch Insp|Supt)|Cst)"
)
_SPOKEN = r"(?:mr|mrs|ms|dr|mister|missus|pc|dc|ds|pcso)"
_NAME = r"\p{Lu}[\p{L}'-]*(?<=\p{L})"
_PARTICLE = r"(?:van|von|der|den|de|da|di|del|la|le|bin|bint|ibn|al|el|ap|dos)"
PERSON_NAME = (
    rf"(?:\p{{Lu}}\.? ?){{0,3}}(?:{_PARTICLE} ){{0,3}}{_NAME}(?:[ -](?:{_PARTICLE} ){{0,2}}{_NAME}){{0,3}}"
)


class PersonTitled(Identifier):
    """The name after a title; the title stays, so that the model can follow. In small letters, one word."""

    ENTITY = "PERSON"
    LOOK = (
        r"\b(?:m[rsx]|w?pc|dc|ds|dci?|di|pcso|sgt|con|supt|cst|insp|hhj|ddj|cllr|mister|missus|mrs|miss|dr|doctor|prof|sir|dame|lord|lady|rev|revd|father|"
        r"sister|imam|rabbi|professor)\b"
    )
    NEAR = 160
    FORMS = patterns(
        {
            rf"(?-i:(?<!\p{{L}})(?:{_TITLE}|MR|MRS|MS|MISS|DR)\.? \K{PERSON_NAME})": 0.9,
            rf"(?-i:(?<!\p{{L}}){_SPOKEN}\.? \K\p{{Ll}}[\p{{L}}'-]{{2,40}}(?<=\p{{L}})(?!\w))": 0.6,
        }
    )
