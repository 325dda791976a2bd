import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from audit.commitments import commit, opens


@given(st.binary(max_size=200))
def test_a_commitment_opens_with_its_content_and_salt(content):
    commitment, salt = commit(content)
    assert opens(commitment, content, salt)
    assert commitment == hmac.new(salt, content, hashlib.sha256).hexdigest()


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_commitment_does_not_open_with_other_content(content, other):
    commitment, salt = commit(content)
    assert opens(commitment, other, salt) == (content == other)


def test_the_same_content_never_has_the_same_commitment_twice():
    assert commit(b"accept")[0] != commit(b"accept")[0]


def test_no_salt_of_another_length_opens_a_commitment():
    # HMAC pads its key with zeros: a 31-byte salt and the same with a zero byte would be one key.
    commitment = hmac.new(b"s" * 31 + b"\0", b"accept", hashlib.sha256).hexdigest()
    assert opens(commitment, b"accept", b"s" * 31 + b"\0")
    assert not opens(commitment, b"accept", b"s" * 31)


def test_what_is_no_commitment_does_not_open():
    _, salt = commit(b"accept")
    assert not opens("", b"accept", salt)
    assert not opens("\ud800é", b"accept", salt)
