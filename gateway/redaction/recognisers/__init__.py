"""The recognisers of this gateway: Presidio's UK and generic ones with their gaps closed, and our own.

Each is a Presidio `EntityRecognizer`, so that an operator can add or swap one; each file has one identifier, its
forms, its context words and its check. `all_recognisers` lists them in the order that settles a tie.
"""

from presidio_analyzer import EntityRecognizer

from gateway.redaction.recognisers.credit_card import CreditCard
from gateway.redaction.recognisers.date_of_birth import DateOfBirth
from gateway.redaction.recognisers.date_time import DateTime
from gateway.redaction.recognisers.email_address import EmailAddress, EmailAddressSpelt, EmailAddressSpoken
from gateway.redaction.recognisers.iban_code import IbanCode
from gateway.redaction.recognisers.ip_address import IpAddress
from gateway.redaction.recognisers.labelled_number import LabelledNumber
from gateway.redaction.recognisers.phone_number import PhoneNumber
from gateway.redaction.recognisers.social_handle import SocialHandle
from gateway.redaction.recognisers.spoken_number import SpokenNumber
from gateway.redaction.recognisers.uk_address import UkAddress, UkAddressInSmallLetters, UkFlat
from gateway.redaction.recognisers.uk_address_block import UkAddressBlock
from gateway.redaction.recognisers.uk_asn import UkAsn
from gateway.redaction.recognisers.uk_bank_account import UkBankAccount
from gateway.redaction.recognisers.uk_bar_number import UkBarNumber
from gateway.redaction.recognisers.uk_benefit_ref import UkBenefitRef
from gateway.redaction.recognisers.uk_booking_number import UkBookingNumber
from gateway.redaction.recognisers.uk_brp import UkBrp
from gateway.redaction.recognisers.uk_ccd_case import UkCcdCase
from gateway.redaction.recognisers.uk_chi import UkChi
from gateway.redaction.recognisers.uk_civil_claim import UkCivilClaim
from gateway.redaction.recognisers.uk_cjs_urn import UkCjsUrn
from gateway.redaction.recognisers.uk_cms_ref import UkCmsRef
from gateway.redaction.recognisers.uk_collar_number import UkCollarNumber
from gateway.redaction.recognisers.uk_company_number import UkCompanyNumber
from gateway.redaction.recognisers.uk_council_tax_ref import UkCouncilTaxRef
from gateway.redaction.recognisers.uk_crime_ref import UkCrimeRef
from gateway.redaction.recognisers.uk_crn import UkCrn
from gateway.redaction.recognisers.uk_cro import UkCro
from gateway.redaction.recognisers.uk_crown_court_case import UkCrownCourtCase
from gateway.redaction.recognisers.uk_driving_licence import UkDrivingLicence
from gateway.redaction.recognisers.uk_family_case import UkFamilyCase
from gateway.redaction.recognisers.uk_gmc_number import UkGmcNumber
from gateway.redaction.recognisers.uk_gwf import UkGwf
from gateway.redaction.recognisers.uk_hcpc_number import UkHcpcNumber
from gateway.redaction.recognisers.uk_high_court_case import UkHighCourtCase
from gateway.redaction.recognisers.uk_ho_reference import UkHoReference
from gateway.redaction.recognisers.uk_ho_uan import UkHoUan
from gateway.redaction.recognisers.uk_maat_id import UkMaatId
from gateway.redaction.recognisers.uk_magistrates_case import UkMagistratesCase
from gateway.redaction.recognisers.uk_nhs import UkNhs
from gateway.redaction.recognisers.uk_nino import UkNino
from gateway.redaction.recognisers.uk_nmc_pin import UkNmcPin
from gateway.redaction.recognisers.uk_oasys_id import UkOasysId
from gateway.redaction.recognisers.uk_passport import UkPassport
from gateway.redaction.recognisers.uk_paye_ref import UkPayeRef
from gateway.redaction.recognisers.uk_pnc import UkPnc
from gateway.redaction.recognisers.uk_pnc_court_case_ref import UkPncCourtCaseRef
from gateway.redaction.recognisers.uk_port_reference import UkPortReference
from gateway.redaction.recognisers.uk_postcode import UkPostcode
from gateway.redaction.recognisers.uk_prison_number import UkPrisonNumber
from gateway.redaction.recognisers.uk_prison_number_legacy import UkPrisonNumberLegacy
from gateway.redaction.recognisers.uk_share_code import UkShareCode
from gateway.redaction.recognisers.uk_sra_id import UkSraId
from gateway.redaction.recognisers.uk_tribunal_case import UkTribunalCase
from gateway.redaction.recognisers.uk_ukvi_customer import UkUkviCustomer
from gateway.redaction.recognisers.uk_uln import UkUln
from gateway.redaction.recognisers.uk_uprn import UkUprn
from gateway.redaction.recognisers.uk_utr import UkUtr
from gateway.redaction.recognisers.uk_vat_number import UkVatNumber
from gateway.redaction.recognisers.uk_vehicle_registration import UkVehicleRegistration
from gateway.redaction.recognisers.uk_visor_id import UkVisorId
from gateway.redaction.recognisers.uk_warrant_number import UkWarrantNumber
from gateway.redaction.recognisers.unlabelled_number import UnlabelledNumber
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
        EmailAddressSpoken(),
        IbanCode(),
        IpAddress(),
        LabelledNumber(),
        PhoneNumber(),
        SocialHandle(),
        SpokenNumber(),
        UkAddress(),
        UkAddressBlock(),
        UkAddressInSmallLetters(),
        UkAsn(),
        UkBankAccount(),
        UkBarNumber(),
        UkBenefitRef(),
        UkBookingNumber(),
        UkBrp(),
        UkCcdCase(),
        UkChi(),
        UkCivilClaim(),
        UkCjsUrn(),
        UkCmsRef(),
        UkCollarNumber(),
        UkCompanyNumber(),
        UkCouncilTaxRef(),
        UkCrimeRef(),
        UkCrn(),
        UkCro(),
        UkCrownCourtCase(),
        UkDrivingLicence(),
        UkFamilyCase(),
        UkFlat(),
        UkGmcNumber(),
        UkGwf(),
        UkHcpcNumber(),
        UkHighCourtCase(),
        UkHoReference(),
        UkHoUan(),
        UkMaatId(),
        UkMagistratesCase(),
        UkNhs(),
        UkNino(),
        UkNmcPin(),
        UkOasysId(),
        UkPassport(),
        UkPayeRef(),
        UkPnc(),
        UkPncCourtCaseRef(),
        UkPortReference(),
        UkPostcode(),
        UkPrisonNumber(),
        UkPrisonNumberLegacy(),
        UkShareCode(),
        UkSraId(),
        UkTribunalCase(),
        UkUkviCustomer(),
        UkUln(),
        UkUprn(),
        UkUtr(),
        UkVatNumber(),
        UkVehicleRegistration(),
        UkVisorId(),
        UkWarrantNumber(),
        UnlabelledNumber(),
        Url(),
    ]
