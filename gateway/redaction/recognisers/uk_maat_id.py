"""UK_MAAT_ID: criminal legal aid: seven digits from 2 to 9 (Claim-for-Crown-Court-Defence)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_MAAT_ID = Identifier(
    type="UK_MAAT_ID",
    forms={r"(?<!\d)[2-9]\d{6}(?!\d)": WEAK},
    labels="MAAT, rep order{n}, representation order{n}",
    digits=(5, 7),
    context="legal aid, rep order, representation order, laa, means test",
    least=7,
    examples=("MAAT 9904177",),
)
