"""What an address is compared as, and what is told about a user to whom."""

import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.accounts.models import (
    CompanySize,
    Industry,
    Locale,
    UserRole,
    UserRow,
    normal_email,
    profile,
    user_in_brief,
    user_out,
)
from leadconnect.auth.services import Services
from leadconnect.identifiers import new_id

OWNER = UserRow(
    id=new_id(),
    email="asha@example.com",
    full_name="Asha Rao",
    role="other",
    custom_role="Buyer",
    company_name="Rao Traders",
    company_size="11-50",
    industry="other",
    custom_industry="Bees",
    website="https://rao.example",
    phone_number="+91 20 1234",
    subscription_status="trial",
    subscription_plan="basic",
    is_active=True,
    created_at=datetime(2031, 3, 4, 5, 6, 7, 890_999, UTC),
    updated_at=datetime(2031, 3, 4, tzinfo=UTC),
    time_zone="Asia/Kolkata",
    locale="en-IN",
    can_view_leads=None,
    can_edit_leads=None,
    can_add_leads=None,
    can_export_leads=None,
    parent_user_id=None,
)
SUB_USER = msgspec.structs.replace(
    OWNER,
    custom_role=None,
    role="Sales Manager",
    parent_user_id=OWNER.id,
    can_view_leads=True,
    can_edit_leads=False,
    can_add_leads=True,
    can_export_leads=False,
)


def wire(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return found


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("Asha@Example.COM", "asha@example.com"),
        (" asha@example.com ", "asha@example.com"),
        ("STRASSE@example.com", "straße@example.com"),
        (unicodedata.normalize("NFD", "jürgen@exämple.com"), "JÜRGEN@exämple.com"),
        ("ａｓｈａ@example.com", "asha@example.com"),
        ("ΟΔΥΣΣΕΥΣ@example.com", "οδυσσευς@example.com"),
        ("İstanbul@example.com", "i\u0307stanbul@example.com"),
    ],
)
def test_variants_of_an_address_are_one(one: str, same: str) -> None:
    assert normal_email(one) == normal_email(same)


@pytest.mark.parametrize(
    "other", ["asha+leads@example.com", "a.sha@example.com", "ash@example.com", "ásha@example.com"]
)
def test_other_addresses_are_others(other: str) -> None:
    assert normal_email(other) != normal_email("asha@example.com")


@given(st.text(max_size=40))
def test_a_normal_address_is_its_own_normal_form(address: str) -> None:
    once = normal_email(address)
    assert normal_email(once) == once


def test_role_and_industry_show_the_custom_text_where_there_is_one() -> None:
    shown = wire(user_out(OWNER))
    assert (shown["role"], shown["customRole"]) == ("Buyer", "Buyer")
    assert (shown["industry"], shown["customIndustry"]) == ("Bees", "Bees")
    assert wire(user_out(SUB_USER))["role"] == "Sales Manager"


def test_instants_have_milliseconds_and_a_z() -> None:
    shown = wire(user_out(OWNER))
    assert shown["createdAt"] == "2031-03-04T05:06:07.890Z"
    assert shown["updatedAt"] == "2031-03-04T00:00:00.000Z"


def test_a_user_has_every_field_of_the_wire_and_no_other() -> None:
    assert set(wire(user_out(SUB_USER))) == {
        "id", "email", "fullName", "role", "customRole", "companyName", "companySize", "industry", "customIndustry",
        "website", "phoneNumber", "subscriptionStatus", "subscriptionPlan", "isActive", "createdAt", "updatedAt",
    }  # fmt: skip


def test_in_brief_address_website_phone_and_plan_are_null() -> None:
    hidden = {"email", "website", "phoneNumber", "subscriptionStatus", "subscriptionPlan"}
    whole, brief = wire(user_out(OWNER)), wire(user_in_brief(OWNER))
    assert {key for key in whole if whole[key] != brief[key]} == hidden
    assert {brief[key] for key in hidden} == {None}


def test_permissions_and_parent_are_there_for_sub_users_only() -> None:
    assert not {"permissions", "parentUserId"} & set(wire(profile(OWNER)))
    shown = wire(profile(SUB_USER))
    assert shown["parentUserId"] == str(OWNER.id)
    assert shown["permissions"] == {
        "canViewLeads": True,
        "canEditLeads": False,
        "canAddLeads": True,
        "canExportLeads": False,
    }


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("users_role_check", UserRole),
        ("accounts_company_size_check", CompanySize),
        ("accounts_industry_check", Industry),
        ("accounts_locale_check", Locale),
    ],
)
async def test_the_database_takes_the_values_of_the_enum_and_no_other(
    services: Services, column: str, values: type[StrEnum]
) -> None:
    async with services.database.acquire() as connection:
        definition = await connection.fetchval(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = $1", column
        )
    assert sorted(part.partition("'")[0] for part in definition.split("'")[1::2]) == sorted(values)
