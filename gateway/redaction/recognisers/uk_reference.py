"""UK_REFERENCE: any other reference, beside a word for number, or a long number or code that nothing names."""

from gateway.redaction.recognisers.identifier import Identifier

UK_REFERENCE = Identifier(
    type="UK_REFERENCE",
    labels=(
        "case{n:}, claim{n:}, court{n}, appeal{n:}, reference{n:}, ref{n:}, account{n}, customer{n}, client{n}, "
        "employee{n}, payroll{n}, staff{n}, student{n}, pupil{n}, membership{n}, patient{n}, hospital{n}, file{n}, "
        "licence{n}, license{n}, imei, yot{n}, lifer{n}, parole{n}, medical record{n}, mrn{n:}, "
        r"badge{n}, tenancy{n}, rent{n}, case(?=\)| \(), claim(?=\)| \(), reference(?=\)| \(), ref(?=\)| \()"
    ),
    examples=("Tenancy ref TR/44170/9", "QX/77120/4K"),
)
