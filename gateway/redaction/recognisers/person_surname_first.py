"""PERSON with the surname first: "SMITH, John", "O'NEILL, Mary Anne"."""

from gateway.redaction.recognisers.identifier import Identifier, patterns

_NOT_A_SURNAME = (
    r"(?:HMP|HMPPS|HMYOI|YOI|NHS|PSR|PNC|CRO|CPS|OASYS|MAPPA|MARAC|UPW|DV|ABH|GBH|TWOC|RAR|ETE|UC|HDC|ROTL|OGRS|RSR|"
    r"CAMHS|YJS|CJA|OAPA|SHPO|CBO|EM|UK|USA|EU|GP|PDU|CRN|DOB|NB|RE|AP)"
)
_SURNAME = r"\p{Lu}[\p{Lu}'-]*\p{Lu}"


class PersonSurnameFirst(Identifier):
    """A surname in capitals, a comma, given names."""

    ENTITY = "PERSON"
    FORMS = patterns(
        {
            rf"(?-i:(?<![\p{{L}}\d])(?!{_NOT_A_SURNAME}\b){_SURNAME}(?: {_SURNAME}){{0,2}}, ?"
            r"\p{Lu}[\p{Ll}'-]+(?<=\p{L})(?: \p{Lu}[\p{Ll}'-]*(?<=\p{L})){0,2}(?!\p{L}))": 0.9,
        }
    )
    LOOK = ","
