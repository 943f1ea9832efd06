"""Search finds exactly the leads that have the text, in every field, script and spelling, and nobody else's."""

import re
import unicodedata
from random import Random
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import directory, tenant
from leadconnect.leads import writing
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.listing import queries as listing
from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.leads.selection import LeadFilters
from leadconnect.leads.terms import search_codes_of_term, search_document, search_term
from tests.cast import Cast

ACCOUNT, OTHER_ACCOUNT = UUID(int=1), UUID(int=2)
ALPHABET = [*"aAbB%_\\'-\"; *.İıßſσςΣéÉ李雷王ガ1234", "e\u0301", "--", "%%", "10", "Co", "naïve"]
TERMS = [
    "%", "_", "\\", "'--", "%_", "\\%", "''", "' or 1=1", ".com", "@", "ss", "SS", "İ", "i", "Σ", "ς",
    "e", "é", "李", "李雷",
]  # fmt: skip
PHONES = [
    "+91 98765 43210",
    "098765-43211",
    "9876543212",
    "(020) 2567-8901",
    "+86 138 0013 8000",
    "+1 (415) 555 0100",
    "12%3_4",
]


def folded(text: str) -> str:
    """The letters of `ALPHABET` as search compares them."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f").casefold()
    return unicodedata.normalize("NFC", plain).replace("ガ", "が").replace("ı", "i")


def digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def without_apostrophes(text: str) -> str:
    return re.sub(r"(?<=\w)'+(?=\w)", "", text)


def has(lead: LeadInput, term: str) -> bool:
    """What search promises, said in another way."""
    fields = (lead.name, lead.email or "", lead.phone_number, lead.company_name or "", lead.city or "")
    texts = [" ".join(folded(text).split()) for text in fields]
    texts += [without_apostrophes(text) for text in texts]
    words = re.findall(r'(?<!\S)"[^"]*[^"\s][^"]*"(?!\S)|\S+', folded(term))
    runs: list[list[str]] = [[]]
    for word in words:
        runs += [[word], []] if re.fullmatch(r"[0-9+()./-]+", word) is None else []
        if runs[-1] or re.fullmatch(r"[0-9+()./-]+", word):
            runs[-1].append(word)
    return bool(words) and all(has_run(run, texts, lead.phone_number) for run in runs if run)


def has_run(run: list[str], texts: list[str], phone: str) -> bool:
    number = digits("".join(run))
    is_number = len(number) >= 3 and re.fullmatch(r"[0-9+()./-]+", "".join(run)) is not None
    if is_number and any(number in text for text in (*texts, digits(phone))):
        return True
    spelled = [" ".join(word.strip('"').split()) if re.fullmatch(r'".*[^"].*"', word) else word for word in run]
    texts = [*texts, digits(phone)]
    return all(any(word in text or without_apostrophes(word) in text for text in texts) for word in spelled)


def a_lead(
    name: str, email: str | None = None, phone: str = "1", company: str | None = None, city: str | None = None
) -> LeadInput:
    return LeadInput(
        name=name,
        city=city,
        email=email,
        phone_number=phone,
        company_name=company,
        customer_category=CustomerCategory.POTENTIAL,
        lead_source=LeadSource.WEBSITE,
        lead_status=LeadStatus.NEW,
    )


def nasty_leads(random: Random) -> list[LeadInput]:
    def text(size: int) -> str:
        return "".join(random.choices(ALPHABET, k=size)).strip() or "x"

    return [
        a_lead(
            text(random.randint(1, 12)),
            f"{random.choice('abz')}{number}%_@example.com" if random.random() < 0.7 else None,
            random.choice(PHONES),
            text(random.randint(1, 15)) if random.random() < 0.8 else None,
        )
        for number in range(150)
    ]


async def names_found(connection: Connection, account_id: UUID, term: str) -> list[str]:
    found = await listing.page(connection, account_id, LeadFilters(search=term), None, limit=1000, offset=0)
    assert found.total == len(found.rows)
    return [row["name"] for row in found.rows]


async def test_a_search_finds_what_a_filter_in_python_finds(cast: Cast, database: Database) -> None:
    owner, random = await cast.owner(), Random(7)
    leads = nasty_leads(random)
    terms = [*TERMS]
    for _ in range(250):
        lead = random.choice(leads)
        source = random.choice([lead.name, lead.company_name or "x", lead.phone_number, lead.email or "x"])
        begin = random.randrange(len(source))
        part = source[begin : begin + random.randint(1, 6)]
        terms.append(random.choice([part, part.upper(), part.swapcase(), "".join(random.choices(ALPHABET, k=2))]))
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), leads)
        for _ in range(250):
            lead = random.choice(leads)
            fields = [lead.name, lead.company_name or "x", lead.phone_number, lead.email or "x", "1"]
            words = [word for field in random.sample(fields, 3) for word in field.split()]
            parts = [word[begin : begin + 3] for word in words if (begin := random.randrange(len(word))) >= 0]
            terms.append(" ".join(random.sample(parts, min(len(parts), random.randint(2, 5)))))
        for term in filter(str.strip, terms):
            if re.search(r"(?<!\S)[ (]*[0+]", term):
                continue  # another spelling of a phone may be meant: see below
            expected = sorted(lead.name for lead in leads if has(lead, term))
            assert sorted(await names_found(connection, owner.account_id, term)) == expected, term


@pytest.mark.parametrize(
    ("phone", "searched"),
    [
        ("+91 98765 43210", ["9876543210", "98765 43210", "98765-432", "+919876543210", "+91-98765-43210", "43210",
                             "0091 98765 43210", "09876543210", "+91 (0) 98765 43210", "(98765) 43210", "91 98765"]),
        ("098765 43210", ["+91 98765 43210", "00919876543210", "9876543210", "098765-43210", "98765.43210"]),
        ("9876543210", ["+91 98765 43210", "+91 (0)98765 43210", "098765 43210", "98765/43210"]),
        ("(020) 2567-8901", ["+91 20 2567 8901", "02025678901", "20 25678901", "2567 8901"]),
        ("+44 (0)20 7946 0000", ["020 7946 0000", "+442079460000", "0044 20 79460000", "79460000"]),
        ("٠٩٨٧٦٥٤٣٢١٠", ["9876543210", "+91 98765 43210", "٩٨٧٦٥"]),
        ("+91 98765 43210", ["tel:+91-98765-43210", "TEL:+919876543210;phone-context=x", "919876543210", "987",
                             "+91 987",
                             "0987", "＋９１ 98765", "43210 98765", "wanted 098765"]),
        ("98765 43210", ["+91 987", "0987", "tel:+919876543210", "91 98765 43210", "432"]),
        ("+91 22 2567 8901 ext. 12", ["022 25678901 x12",
                                        "tel:+91-22-2567-8901;ext=12", "+91 22 25678901", "2567 8901 ext 12"]),
    ],
)  # fmt: skip
async def test_a_phone_is_found_in_any_spelling(
    phone: str, searched: list[str], cast: Cast, database: Database
) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        others = [a_lead("Other", phone="+1 415 555 0100"), a_lead("Foreign", phone="+49 1511 2345678")]
        await writing.add(connection, owner.account_id, Act(owner.user_id), [a_lead("Wanted", phone=phone), *others])
        for term in searched:
            assert await names_found(connection, owner.account_id, term) == ["Wanted"], term


@pytest.mark.parametrize(
    "term", ["+44 98765 43210", "+49 98765 43210", "98765 43211", "+91 98765 43210 1", "\x1f98765"]
)
async def test_another_number_is_not_found(term: str, cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), [a_lead("Other", phone="+91 98765 43210")])
        assert await names_found(connection, owner.account_id, term) == []


async def test_a_search_stays_in_its_account(cast: Cast, database: Database) -> None:
    owners = [await cast.owner(company="Acme Ltd"), await cast.owner(company="Acme Ltd")]
    for number, owner in enumerate(owners):
        async with tenant(database, owner.account_id) as connection:
            lead = a_lead(f"Same Name {number}")
            await writing.add(connection, owner.account_id, Act(owner.user_id), [lead])
    for number, owner in enumerate(owners):
        async with tenant(database, owner.account_id) as connection:
            for term in ("same name", "sa"):
                assert await names_found(connection, owner.account_id, term) == [f"Same Name {number}"]


async def test_a_search_without_an_account_finds_nothing(cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), [a_lead("Somebody")])
    async with directory(database) as connection:
        for term in ("somebody", "so"):
            assert await names_found(connection, owner.account_id, term) == []


async def test_only_requests_may_search(database: Database) -> None:
    async with database.acquire() as connection:
        may = await connection.fetch(
            """
            select rolname, has_function_privilege(rolname, p.oid, 'execute') as may, prosecdef, proowner::regrole::text
            from pg_proc p, pg_roles
            where proname in ('search_leads', 'search_lead_ids')
                and rolname in ('leadconnect_request', 'leadconnect_directory')
            """
        )
    assert {row["rolname"]: row["may"] for row in may} == {"leadconnect_request": True, "leadconnect_directory": False}
    assert {(row["prosecdef"], row["proowner"]) for row in may} == {(True, "leadconnect_search")}


async def test_the_role_of_the_search_can_read_two_tables_and_change_nothing(database: Database) -> None:
    async with database.acquire() as connection:
        grants = await connection.fetch(
            "select table_name::text, privilege_type::text from information_schema.role_table_grants"
            " where grantee = 'leadconnect_search'"
        )
    assert {tuple(row) for row in grants} == {("leads", "SELECT"), ("lead_search", "SELECT")}


async def test_nobody_can_take_on_the_role_of_the_search(database: Database) -> None:
    async with database.acquire() as connection:
        assert not await connection.fetchval("select pg_has_role(session_user, 'leadconnect_search', 'usage')")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("set role leadconnect_search")


@given(st.text(min_size=1, max_size=30), st.data())
def test_every_part_of_a_lead_has_codes_of_the_lead(text: str, data: st.DataObject) -> None:
    document, codes = search_document(ACCOUNT, text, None, "1", None)
    line = document.split("\n")[0]
    begin = data.draw(st.integers(0, max(0, len(line) - 1)))
    part = line[begin : begin + data.draw(st.integers(1, 30))]
    assert set(search_codes_of_term(ACCOUNT, part)) <= set(codes)


def test_codes_are_distinct_32_bit_integers_and_differ_between_accounts() -> None:
    arguments = ("Asha Rao", "asha@example.com", "+91 98765 43210", "Rao Traders Rao Traders")
    (text, codes), (other_text, other_codes) = (
        search_document(ACCOUNT, *arguments),
        search_document(OTHER_ACCOUNT, *arguments),
    )
    assert text == other_text
    assert len(codes) == len(set(codes))
    assert all(-(2**31) <= code < 2**31 for code in codes)
    assert not set(codes) & set(other_codes)


def test_a_document_has_the_other_texts_and_the_digits_of_other_phones() -> None:
    also = ["ASHA@Home.example", "+91 98-765 43210", ""]
    lines = search_document(ACCOUNT, "Asha Rao", None, "020 1234567", None, also=also)[0].split("\n")
    assert {"asha@home.example", "919876543210"} <= set(lines)
    plain = search_document(ACCOUNT, "Asha Rao", None, "020 1234567", None)
    assert search_document(ACCOUNT, "Asha Rao", None, "020 1234567", None, also=[""]) == plain


def test_short_terms_have_codes_only_in_scripts_that_write_words_so() -> None:
    assert search_codes_of_term(ACCOUNT, "ab") == []
    assert len(search_codes_of_term(ACCOUNT, "李")) == len(search_codes_of_term(ACCOUNT, "李雷")) == 1


@pytest.mark.parametrize(
    ("search", "clauses"),
    [
        ("Rao (Traders)", [["rao"], ["(traders)"]]),
        ("(1)", [["(1)"]]),
        ("shah vikram VIKRAM vik", [["shah"], ["vikram"]]),
        ('"Shah  Vikram" pune', [["shah vikram"], ["pune"]]),
        ("“Shah Vikram”", [["shah vikram"]]),
        ('"shah vik', [['"shah'], ["vik"]]),
        ("O’Neil", [["o'neil", "oneil", "o’neil"]]),
        ("'--", [["'--"]]),
        ("98765", [["98765"]]),
        ("98765 43210", [["98765", "9876543210"], ["43210", "9876543210"]]),
        ("rao +91 987", [["rao"], ["+91 987", "91987", "\n\x1f987"]]),
        ("\u0640", [["\u0640"]]),
    ],
)  # fmt: skip
def test_a_search_is_words_and_numbers(search: str, clauses: list[list[str]]) -> None:
    found = search_term(ACCOUNT, search).clauses()
    assert sorted(found) == sorted(clauses)
