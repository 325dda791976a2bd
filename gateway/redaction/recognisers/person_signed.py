"""PERSON who signs or is written to: the line after "Yours sincerely", and what follows "To:" or "Dear"."""

from gateway.redaction.recognisers.identifier import Identifier, patterns
from gateway.redaction.recognisers.person_titled import PERSON_NAME

_CLOSING = (
    r"(?:Yours (?:sincerely|faithfully|truly|ever)|(?:Kind(?:est)?|Best|Warm(?:est)?|Many|"
    r"With)? ?(?:kind |best )?regards|"
    r"(?:Many )?Thanks(?: again)?|Thank you|Cheers|Best(?: wishes)?|All the best|Sincerely|"
    r"Signed|Take care|Ta|Thx|Tvm|Rgds|KR|BW|Love|"
    r"(?:See|Speak to) you(?: later| soon| then| tomorrow)?|Speak soon)"
)
_KISSES = r"[xX]{0,6} {0,4}"
_HEAD = (
    r"(?:To|From|Cc|Bcc|Attn|FAO|Sent by|Sender|Copy|Copied to|Attendees|Present|Apologies|Chair|"
    r"Interviewer|Interviewee)"
)

_GREETING = r"(?:Dear|Hi|Hiya|Hello|Hey|(?:Good )?(?:[Mm]orning|[Aa]fternoon|[Ee]vening))"


class PersonSigned(Identifier):
    """Only what is written as a name."""

    ENTITY = "PERSON"
    LOOK = (
        r"regards|sincerely|faithfully|truly|thank|cheers|best|signed|care|thx|tvm|rgds|"
        r"\bkr\b|\bbw\b|love|you|soon|\bta\b|:|dear|hiya?|hello|hey|morning|"
        r"afternoon|evening"
    )
    NEAR = 160
    FORMS = patterns(
        {
            rf"(?-i:(?<!\p{{L}})(?i:{_CLOSING})[,.!]?[ \t]*\n\s{{0,6}}\K{PERSON_NAME}(?=[ \t]*"
            rf"{_KISSES}(?:[,|(\n]|$)))": 0.7,
            rf"(?-i:(?<!\p{{L}})(?i:{_CLOSING})[,.!]? \K{PERSON_NAME}(?=[ \t]*{_KISSES}(?:\n|$)))": 0.7,
            rf"(?-i:^[ \t>*]{{0,4}}(?i:{_HEAD}):[ \t]*\K{PERSON_NAME}(?=[ \t]*(?:[,;<(\[|\n]|$)))": 0.7,
            rf"(?-i:(?<!\p{{L}}){_GREETING} (?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev)\.? )?\K"
            r"(?!Sir|Madam|All|Both|Team|Colleague|Everyone|There|Folks)"
            rf"{PERSON_NAME}(?=[ \t]*(?:[,!:.\n–-]|$)))": 0.7,
        }
    )
