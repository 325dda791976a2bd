"""Check digits, against published examples and the figures of public validators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction.recognisers.check_digits import iban_mod_97, letter_mod_23, luhn, nhs_mod_11
from gateway.redaction.recognisers.uk.police import UK_ASN, UK_CRO, UK_PNC


@pytest.mark.parametrize(
    "number", ["2019/9412345Y", "1998/9030017B", "35/1204Q", "19/9412345Y", "20199412345Y"]
)
def test_a_pnc_with_its_letter_passes(number: str) -> None:
    assert UK_PNC.check(number) is True


@pytest.mark.parametrize("number", ["2019/9412345A", "1998/9030017C"])
def test_a_pnc_with_another_letter_is_doubtful_but_not_dropped(number: str) -> None:
    assert UK_PNC.check(number) is None


@pytest.mark.parametrize("number", ["912345/19C", "900417/04P", "4417/31C", "SF05/912345L", "SF31/4471Q"])
def test_a_cro_with_its_letter_passes(number: str) -> None:
    assert UK_CRO.check(number) is True


@pytest.mark.parametrize("number", ["912345/19D", "SF05/912345M"])
def test_a_cro_with_another_letter_is_doubtful_but_not_dropped(number: str) -> None:
    assert UK_CRO.check(number) is None


@pytest.mark.parametrize("number", ["3101ZD0100000448754N", "31/01ZD/01/448754N", "3162K1LA00000007731E"])
def test_an_arrest_summons_number_with_its_letter_passes(number: str) -> None:
    assert UK_ASN.check(number) is True


def test_an_arrest_summons_number_with_another_letter_is_doubtful() -> None:
    assert UK_ASN.check("3101ZD0100000448754K") is None


@pytest.mark.parametrize("number", ["9991234578", "9990417830", "3102991246", "9434765919"])
def test_an_nhs_number_passes(number: str) -> None:
    assert nhs_mod_11(number)


@given(st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_fails_the_nhs_check(place: int, digit: int) -> None:
    right = "9434765919"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert nhs_mod_11(wrong) == (wrong == right)


def test_luhn_takes_the_usual_specimens_and_no_neighbour() -> None:
    assert luhn("4000001234567899")
    assert luhn("1899900000412778")
    assert not luhn("4000001234567898")


def test_an_iban_passes_mod_97() -> None:
    assert iban_mod_97("GB82WEST12345698765432")
    assert iban_mod_97("DE89370400440532013000")
    assert not iban_mod_97("GB82WEST12345698765433")


def test_the_polices_letters_leave_out_those_that_look_like_digits() -> None:
    assert {letter_mod_23(str(number)) for number in range(23)} == set("ZABCDEFGHJKLMNPQRTUVWXY")
