"""One change to an ONNX file as it is read, without the `onnx` package: 4-bit products computed in 8-bit integers.

`MatMulNBits` (com.microsoft, onnxruntime's contrib operators) computes in 32-bit floats unless its attribute
`accuracy_level` says 4. The file is a protocol buffer; only the lengths of the graph and of those nodes change.
"""

from collections.abc import Iterator
from typing import Final

_GRAPH: Final = 7
_NODE: Final = 1
_OPERATOR: Final = 4
_ATTRIBUTE: Final = 5
_BYTES: Final = 2
_VARINT: Final = 0
_LAYOUT: Final = {1: 8, 5: 4}
"""Wire types of fixed length, in bytes."""
_MORE: Final = 0x80

_NAME: Final = b"accuracy_level"
# AttributeProto: name (1), i (3) = 4 for int8, type (20) = 2 for INT.
_SETTING: Final = b"\x0a" + bytes([len(_NAME)]) + _NAME + b"\x18\x04" + b"\xa0\x01\x02"


def in_eight_bits(model: bytes) -> bytes:
    """The model with every `MatMulNBits` set to compute in 8-bit integers."""
    return b"".join(
        _field(number, _graph(value)) if number == _GRAPH else raw for number, value, raw in _fields(model)
    )


def _graph(graph: bytes) -> bytes:
    return b"".join(
        _field(number, _node(value)) if number == _NODE else raw for number, value, raw in _fields(graph)
    )


def _node(node: bytes) -> bytes:
    operators = [value for number, value, _ in _fields(node) if number == _OPERATOR]
    return node + _field(_ATTRIBUTE, _SETTING) if operators == [b"MatMulNBits"] else node


def _field(number: int, value: bytes) -> bytes:
    return _number(number << 3 | _BYTES) + _number(len(value)) + value


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each field of a message: its number, its bytes if it has any, and the whole of it as it stands."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read(message, at)
        kind, value = key & 7, b""
        if kind == _VARINT:
            _, at = _read(message, at)
        elif kind == _BYTES:
            length, at = _read(message, at)
            value = message[at : at + length]
            at += length
        else:
            at += _LAYOUT[kind]
        yield key >> 3, value, message[start:at]


def _read(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < _MORE:
            return value, at


def _number(value: int) -> bytes:
    written = bytearray()
    while value >= _MORE:
        written.append(value & 0x7F | _MORE)
        value >>= 7
    return bytes([*written, value])
