"""The systems that files come from, and the tables by which they are known."""

from collections import Counter

import pytest

from leadconnect.recognition import TARGETS
from leadconnect.recognition.headers import header_key
from leadconnect.recognition.systems import PIPEDRIVE, SYSTEMS, any_number, origin_of
from leadconnect.recognition.vocabulary.aliases import ALIASES
from leadconnect.recognition.vocabulary.system import System

ALL = (*SYSTEMS, PIPEDRIVE["person"])


def targets(header: str) -> dict[str, str | None]:
    names = header.split(",")
    origin = origin_of(names)
    assert origin is not None
    return dict(zip(names, origin.targets, strict=True))


@pytest.mark.parametrize("system", ALL, ids=lambda system: system.title)
def test_the_columns_of_a_system_have_targets_that_there_are_and_one_each(system: System) -> None:
    assert set(system.columns) <= set(TARGETS)
    keys = Counter(any_number(header) for headers in system.columns.values() for header in headers)
    clashes = {
        key
        for key, count in keys.items()
        if count > 1
        and len({target for target, headers in system.columns.items() if key in map(any_number, headers)}) > 1
    }
    assert not clashes


def test_every_alias_has_one_target_that_there_is() -> None:
    assert set(ALIASES) <= set(TARGETS)
    keys = Counter(key for aliases in ALIASES.values() for key in {header_key(alias) for alias in aliases})
    assert {key: count for key, count in keys.items() if count > 1 or not key} == {}


def test_a_title_is_a_form_of_address_in_outlook_and_a_job_elsewhere() -> None:
    outlook = "Title,First Name,Last Name,Business Phone,E-mail Address,E-mail Display Name"
    assert targets(outlook)["Title"] == "namePrefix"
    assert targets("First Name,Title,Company,Company Name for Emails")["Title"] == "designation"


def test_faxes_and_pagers_are_no_phones() -> None:
    header = "First Name,Business Fax,Home Fax,Other Fax,Pager,Telex,Business Phone,E-mail Display Name"
    assert {name for name, target in targets(header).items() if target == "phoneNumber"} == {"Business Phone"}


def test_any_number_of_repeated_groups_is_known() -> None:
    known = targets("File As,E-mail 1 - Label,E-mail 12 - Value,Phone 7 - Value,Phone 7 - Label")
    assert known["E-mail 12 - Value"] == "email"
    assert known["Phone 7 - Value"] == "phoneNumber"
    assert known["Phone 7 - Label"] == "ignored"


def test_of_two_signatures_the_one_that_knows_more_wins() -> None:
    apollo = "First Name,Last Name,Title,Company Name for Emails,Email address,Email Status,Stage,Apollo Contact Id"
    origin = origin_of(apollo.replace("Email address", "Email Address,First name").split(","))
    assert origin is not None
    assert origin.system.name == "apollo"


def test_ids_of_pipedrive_belong_to_the_table_that_was_exported() -> None:
    known = targets("Deal - ID,Deal - Title,Person - ID,Person - Name,Organization - Name")
    assert (known["Deal - ID"], known["Person - ID"]) == ("externalId", "ignored")
    assert known["Organization - Name"] == "companyName"


@pytest.mark.parametrize(
    "header", ["Name,Phone,Email", "First Name,Last Name,Email", "Person - Name,Phone", "Record ID,Name,Email", ""]
)
def test_a_hand_made_sheet_comes_from_no_system(header: str) -> None:
    assert origin_of(header.split(",")) is None
