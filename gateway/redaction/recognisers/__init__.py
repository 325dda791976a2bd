"""The recognisers of this gateway: Presidio's UK and generic ones with their gaps closed, and our own.

Each is a Presidio `EntityRecognizer`, so that an operator can add or swap one; each file has one identifier, its
forms, its context words and its check. `all_recognisers` lists them in the order that settles a tie.
"""

from presidio_analyzer import EntityRecognizer

from gateway.redaction.recognisers.credit_card import CreditCard
from gateway.redaction.recognisers.date_of_birth import DateOfBirth
from gateway.redaction.recognisers.date_time import DateTime
from gateway.redaction.recognisers.email_address import EmailAddress, EmailAddressSpelt
from gateway.redaction.recognisers.iban_code import IbanCode
from gateway.redaction.recognisers.ip_address import IpAddress
from gateway.redaction.recognisers.person_labelled import PersonLabelled
from gateway.redaction.recognisers.person_surname_first import PersonSurnameFirst
from gateway.redaction.recognisers.person_titled import PersonTitled
from gateway.redaction.recognisers.phone_number import PhoneNumber
from gateway.redaction.recognisers.uk_address import UkAddress, UkFlat
from gateway.redaction.recognisers.uk_asn import UkAsn
from gateway.redaction.recognisers.uk_bank_account import UkBankAccount
from gateway.redaction.recognisers.uk_ccd_case import UkCcdCase
from gateway.redaction.recognisers.uk_chi import UkChi
from gateway.redaction.recognisers.uk_crn import UkCrn
from gateway.redaction.recognisers.uk_cro import UkCro
from gateway.redaction.recognisers.uk_crown_court_case import UkCrownCourtCase
from gateway.redaction.recognisers.uk_driving_licence import UkDrivingLicence
from gateway.redaction.recognisers.uk_nhs import UkNhs
from gateway.redaction.recognisers.uk_nino import UkNino
from gateway.redaction.recognisers.uk_passport import UkPassport
from gateway.redaction.recognisers.uk_pnc import UkPnc
from gateway.redaction.recognisers.uk_postcode import UkPostcode
from gateway.redaction.recognisers.uk_prison_number import UkPrisonNumber
from gateway.redaction.recognisers.uk_utr import UkUtr
from gateway.redaction.recognisers.uk_vehicle_registration import UkVehicleRegistration
from gateway.redaction.recognisers.url import Url

__all__ = ["all_recognisers"]


def all_recognisers() -> list[EntityRecognizer]:
    """A new one of each recogniser that reads patterns."""
    return [
        CreditCard(),
        DateOfBirth(),
        DateTime(),
        EmailAddress(),
        EmailAddressSpelt(),
        IbanCode(),
        IpAddress(),
        PersonLabelled(),
        PersonSurnameFirst(),
        PersonTitled(),
        PhoneNumber(),
        UkAddress(),
        UkAsn(),
        UkBankAccount(),
        UkCcdCase(),
        UkChi(),
        UkCrn(),
        UkCro(),
        UkCrownCourtCase(),
        UkDrivingLicence(),
        UkFlat(),
        UkNhs(),
        UkNino(),
        UkPassport(),
        UkPnc(),
        UkPostcode(),
        UkPrisonNumber(),
        UkUtr(),
        UkVehicleRegistration(),
        Url(),
    ]
