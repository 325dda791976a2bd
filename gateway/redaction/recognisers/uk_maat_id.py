"""UK_MAAT_ID: criminal legal aid: seven digits from 2 to 9 (Claim-for-Crown-Court-Defence)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkMaatId(Identifier):
    """Only beside a word of legal aid."""

    ENTITY = "UK_MAAT_ID"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<!\d)[2-9]\d{6}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "maat",
        "legal aid",
        "rep order",
        "representation order",
        "laa",
        "means test",
    )
