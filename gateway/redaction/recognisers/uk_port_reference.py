"""UK_PORT_REFERENCE: port references: the port's letters, a slash, five to eight digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_PORT_REFERENCE = Identifier(
    type="UK_PORT_REFERENCE",
    forms={r"(?<![A-Z0-9])[A-Z]{2,3}\d? ?/ ?\d{5,8}(?: ?/ ?\d{1,2})?(?!\d)": WEAK},
    labels="port{n}",
    digits=(5, 8),
    context=(
        "port, port reference, port ref, landing, immigration, on arrival, stamped, handwritten, is81, "
        "airport, cid"
    ),
    least=5,
    examples=("port number LHR/9904177",),
)
