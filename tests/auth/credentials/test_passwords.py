"""Passwords: the policy for new ones, hashing old and new forms, and the queue before the cores."""

import asyncio
import os
import unicodedata
from collections.abc import Coroutine, Iterator
from typing import Any

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.auth.credentials.passwords import PasswordHasher, common_passwords, password_problems, too_long
from leadconnect.errors import FieldError, ServiceBusy, ValidationFailed
from leadconnect.settings import Settings

SECRET = "a secret of the tests, long enough"
BASE = Settings(secret=SECRET, bcrypt_rounds=4)
SLOW = Settings(secret=SECRET, bcrypt_rounds=12, hash_queue_wait=60)
ARGON2ID = Settings(secret=SECRET, password_hash="argon2id")

texts = st.text(st.characters(), max_size=120)

BCRYPTJS = {
    "2.4.3, cost 10": ("correct horse 42", "$2a$10$omV3gYTEu7tj3uTXV9Xop.dzgn61fCm8vQJe9ksmJLYyz.r75QAmm"),
    "3.0.3, cost 10": ("correct horse 42", "$2b$10$P0yv7yUaqlxG2sBBcOFGj.kQaNYdFD24rxene2Y54gV1tBetwQD5m"),
    "several scripts": ("Zoë – 李雷 🔑", "$2a$04$kQOCa1XxDDswZU9D6va96uxq6RrQNLGdtI6/CGXUooFEmuTiRheMm"),
    "NUL inside": ("before\0after", "$2a$04$dTTh.DS8aNltASJ6U5CjYufTnpeMZs1HWyB2uGjykKUI/AMqhIkg."),
    "80 bytes": ("x" * 72 + "tail one", "$2a$04$PRVpS8PPR54mR5iVB0sIj.Oimvt2/eshJejyT56/ZKG7nQMwhpkJy"),
    "300 bytes": ("a" * 300, "$2a$04$jEuoZaoZlo77Lln5CO0qFerQVg8D4FeJ6lKlOICR1j8qxc3Hhafki"),
    "cut within a character": ("é" * 35 + "x李", "$2a$04$sTY/oySPqSqwK51.ywQD6.OMwt7NXFfpMgsa.TSrGFCKwpYHDEhUi"),
    "half a surrogate pair": ("\ud800abc", "$2b$04$fNZc7G.tsqsqUOLfDk7GIurM09Ai10Y5OZ7D.4EaSBRdBb9p7PfT6"),
}
"""Made by the JavaScript package bcryptjs, whose hashes the accounts of the former system carry."""


@pytest.fixture(scope="module")
def hasher() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher(BASE)
    yield hasher
    hasher.close()


@pytest.fixture(scope="module")
def argon2id_hasher() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher(ARGON2ID)
    yield hasher
    hasher.close()


@pytest.fixture
def slow_hasher() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher(SLOW)
    yield hasher
    hasher.close()


# The policy


def messages(problems: list[FieldError]) -> list[str]:
    return [problem.message for problem in problems]


@pytest.mark.parametrize("password", ["", "7 chars", "é" * 7])
def test_a_new_password_below_eight_characters_is_refused(password: str) -> None:
    assert messages(password_problems(password)) == ["The password must have at least 8 characters."]


@pytest.mark.parametrize("password", ["p" * 1_025, "é" * 5_000])
def test_a_password_above_1024_characters_is_refused(password: str) -> None:
    assert too_long(password)
    assert messages(password_problems(password)) == ["The password must have at most 1,024 characters."]


@pytest.mark.parametrize("password", ["8 chars!", "x9" * 512, "李雷" * 4, " leading and trailing ", "aaaa bbbb"])
def test_length_is_enough_whatever_the_characters(password: str) -> None:
    assert not too_long(password)
    assert password_problems(password) == []


@pytest.mark.parametrize("password", ["password", "PassWord", "iloveyou", "12345678", "Qwertyuiop", "#1stunna"])
def test_a_common_password_is_refused_in_any_case(password: str) -> None:
    assert messages(password_problems(password)) == ["The password is too common. Please choose another one."]


def test_every_listed_password_is_refused_and_none_is_a_comment_or_too_short() -> None:
    assert len(common_passwords()) > 16_000
    assert [entry for entry in common_passwords() if len(entry) < 8 or entry != entry.lower()] == []
    assert [entry for entry in common_passwords() if entry.startswith("#!") or "Permission" in entry] == []
    assert [entry for entry in common_passwords() if not password_problems(entry.upper())] == []


@pytest.mark.parametrize(
    "password",
    ["Anna.Naidu@acme.example", "anna.naidu", "AnnaNaidu1", "acmefoods2026", "Acme-Foods!", "LeadConnect#1"],
)
def test_a_password_made_of_ones_own_names_is_refused(password: str) -> None:
    problems = password_problems(password, email="anna.naidu@acme.example", company="Acme Foods")

    assert messages(problems) == ["The password must not be your e-mail address or your company's name."]


def test_names_may_be_part_of_a_longer_phrase() -> None:
    assert password_problems("anna sells acme foods", email="anna@acme.example", company="Acme Foods") == []


def test_missing_names_forbid_nothing() -> None:
    assert password_problems("83519274", email="", company="") == []


# Hashing


@pytest.mark.parametrize("chosen", [BASE, ARGON2ID], ids=["bcrypt", "argon2id"])
@pytest.mark.parametrize("password", ["x", "p" * 200, "é" * 1_023, "a\0b", "\ud800", "Zoë – 李雷 🔑", ""])
async def test_a_password_is_known_again(chosen: Settings, password: str) -> None:
    hasher = PasswordHasher(chosen)
    stored = await hasher.hash(password)

    assert await hasher.verify(password, stored)
    assert not await hasher.verify(password + "x", stored)
    assert stored.isascii()
    assert len(stored) < 128
    hasher.close()


@pytest.mark.parametrize("which", ["hasher", "argon2id_hasher"])
async def test_a_different_tail_after_72_equal_bytes_is_another_password(
    which: str, request: pytest.FixtureRequest
) -> None:
    hasher: PasswordHasher = request.getfixturevalue(which)
    stored = await hasher.hash("x" * 72 + "one")

    assert not await hasher.verify("x" * 72 + "two", stored)
    assert not await hasher.verify("x" * 72, stored)


async def test_what_follows_a_nul_counts(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("before\0after")

    assert not await hasher.verify("before\0", stored)
    assert not await hasher.verify("before", stored)


async def test_spaces_case_and_unicode_form_count(hasher: PasswordHasher) -> None:
    stored = await hasher.hash(" Café au lait ")
    decomposed = unicodedata.normalize("NFD", " Café au lait ")

    for near in ("Café au lait", " Café au lait", " café au lait ", decomposed):
        assert not await hasher.verify(near, stored)


@settings(max_examples=60, deadline=None)
@given(texts, texts)
async def test_two_passwords_are_the_same_only_when_their_text_is(
    hasher: PasswordHasher, password: str, other: str
) -> None:
    assert await hasher.verify(other, await hasher.hash(password)) == (password == other)


async def test_the_same_password_is_stored_differently_every_time(hasher: PasswordHasher) -> None:
    assert await hasher.hash("correct horse 42") != await hasher.hash("correct horse 42")


async def test_a_stolen_hash_is_worthless_without_the_secret(hasher: PasswordHasher) -> None:
    stranger = PasswordHasher(Settings(secret=SECRET + "!", bcrypt_rounds=4))

    assert not await stranger.verify("correct horse 42", await hasher.hash("correct horse 42"))
    stranger.close()


@pytest.mark.parametrize(("password", "stored"), BCRYPTJS.values(), ids=BCRYPTJS)
async def test_hashes_made_by_bcryptjs_keep_working(hasher: PasswordHasher, password: str, stored: str) -> None:
    assert await hasher.verify(password, stored)
    assert not await hasher.verify("!" + password, stored)
    assert hasher.needs_rehash(stored)


async def test_a_hash_with_the_prefix_2y_works_as_well(hasher: PasswordHasher) -> None:
    stored = bcrypt.hashpw(b"correct horse 42", bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$")

    assert await hasher.verify("correct horse 42", stored)


async def test_a_keyed_hash_is_not_taken_for_a_bare_one(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse 42")

    assert not await hasher.verify("correct horse 42", stored.removeprefix("lc1"))


async def test_a_password_above_1024_characters_is_refused_before_hashing(hasher: PasswordHasher) -> None:
    before = hasher.hashes_computed

    with pytest.raises(ValidationFailed):
        await hasher.hash("p" * 1_025)
    with pytest.raises(ValidationFailed):
        await hasher.verify("p" * 1_025, None)

    assert hasher.hashes_computed == before


def test_no_password_is_hashed_without_a_secret() -> None:
    with pytest.raises(ValueError, match="without a secret"):
        PasswordHasher(Settings())


# Nobody's password


@pytest.mark.parametrize("which", ["hasher", "argon2id_hasher"])
@pytest.mark.parametrize(
    "stored",
    [None, "", "disabled", "lc1", "lc1$2b$10$short", "lc1$argon2id$v=19$broken", "$2a$10$short", "lc2$2b$04$x", "ü$"],
)
async def test_an_unknown_user_costs_one_hash(which: str, stored: str | None, request: pytest.FixtureRequest) -> None:
    hasher: PasswordHasher = request.getfixturevalue(which)
    before = hasher.hashes_computed

    assert not await hasher.verify("correct horse 42", stored)
    assert hasher.hashes_computed == before + 1


@pytest.mark.parametrize("chosen", [BASE, SLOW, ARGON2ID], ids=["bcrypt 4", "bcrypt 12", "argon2id"])
async def test_the_hash_of_nobody_costs_what_a_hash_of_today_costs(chosen: Settings) -> None:
    hasher = PasswordHasher(chosen)
    real, dummy = await hasher.hash("correct horse 42"), hasher._dummy

    assert len(dummy) == len(real)
    assert not hasher.needs_rehash(dummy)
    assert not hasher._matches("correct horse 42", dummy)  # raises where the dummy is not a hash
    hasher.close()


# Re-hashing


async def test_a_hash_of_today_stays(hasher: PasswordHasher, argon2id_hasher: PasswordHasher) -> None:
    assert not hasher.needs_rehash(await hasher.hash("correct horse 42"))
    assert not argon2id_hasher.needs_rehash(await argon2id_hasher.hash("correct horse 42"))


async def test_a_hash_of_other_settings_still_works_and_is_to_be_replaced(
    hasher: PasswordHasher, argon2id_hasher: PasswordHasher
) -> None:
    dearer = PasswordHasher(Settings(secret=SECRET, bcrypt_rounds=5))
    of_bcrypt, of_argon2id = await hasher.hash("correct horse 42"), await argon2id_hasher.hash("correct horse 42")

    assert dearer.needs_rehash(of_bcrypt)
    assert hasher.needs_rehash(await dearer.hash("correct horse 42"))
    assert hasher.needs_rehash(of_argon2id)
    assert argon2id_hasher.needs_rehash(of_bcrypt)
    assert await dearer.verify("correct horse 42", of_bcrypt)
    assert await hasher.verify("correct horse 42", of_argon2id)
    assert await argon2id_hasher.verify("correct horse 42", of_bcrypt)
    dearer.close()


# The queue


async def test_a_full_queue_refuses_at_once_and_serves_those_it_took() -> None:
    hasher = PasswordHasher(Settings(secret=SECRET, bcrypt_rounds=12, hash_queue_wait=0.5))
    outcomes: list[str] = []

    async def log_in() -> None:
        try:
            await hasher.verify("correct horse 42", None)
            outcomes.append("served")
        except ServiceBusy:
            outcomes.append("refused" if "served" not in outcomes else "refused late")

    await asyncio.gather(*(log_in() for _ in range(40 * cores())))

    assert outcomes.count("refused") >= 20 * cores()
    assert outcomes.count("served") >= cores()
    assert hasher.hashes_computed == outcomes.count("served")
    hasher.close()


async def test_nobody_waits_longer_than_the_limit_when_hashes_turn_out_dear() -> None:
    hasher = PasswordHasher(Settings(secret=SECRET, bcrypt_rounds=4, hash_queue_wait=0.3))
    dear = bcrypt.hashpw(b"correct horse 42", bcrypt.gensalt(12)).decode()

    outcomes = await asyncio.gather(
        *(hasher.verify("correct horse 42", dear) for _ in range(10 * cores())), return_exceptions=True
    )

    assert {type(outcome) for outcome in outcomes} == {bool, ServiceBusy}
    assert hasher.hashes_computed == outcomes.count(True)
    hasher.close()


async def test_a_queue_that_was_full_takes_log_ins_again() -> None:
    hasher = PasswordHasher(Settings(secret=SECRET, bcrypt_rounds=10, hash_queue_wait=0.2))
    verdicts = (hasher.verify("correct horse 42", None) for _ in range(40 * cores()))

    outcomes = await asyncio.gather(*verdicts, return_exceptions=True)

    assert any(isinstance(outcome, ServiceBusy) for outcome in outcomes)
    assert await hasher.verify("correct horse 42", await hasher.hash("correct horse 42"))
    hasher.close()


async def test_who_goes_away_leaves_the_queue(slow_hasher: PasswordHasher) -> None:
    waiting = [asyncio.create_task(slow_hasher.verify("correct horse 42", None)) for _ in range(6 * cores())]
    await asyncio.sleep(0)
    for task in waiting[cores() :]:
        task.cancel()
    await asyncio.wait(waiting)

    assert not await slow_hasher.verify("correct horse 42", None)  # comes last in the queue
    assert slow_hasher.hashes_computed < len(waiting)
    assert [task.result() for task in waiting[: cores()]] == [False] * cores()


async def test_the_event_loop_runs_on_while_a_password_is_hashed(slow_hasher: PasswordHasher) -> None:
    assert await turns_until_done(slow_hasher.hash("correct horse 42")) > 5


@pytest.mark.parametrize("stored", [None, "disabled"])
async def test_nobodys_hash_keeps_a_thread_as_busy_as_a_real_one(
    slow_hasher: PasswordHasher, stored: str | None
) -> None:
    assert await turns_until_done(slow_hasher.verify("correct horse 42", stored)) > 5


async def turns_until_done(work: Coroutine[Any, Any, object]) -> int:
    """Return how often the event loop came round, a thousandth of a second apart, before `work` was done."""
    task, turns = asyncio.create_task(work), 0
    while not task.done():
        await asyncio.sleep(0.001)
        turns += 1
    await task
    return turns


async def test_closing_sends_away_who_waits(slow_hasher: PasswordHasher) -> None:
    waiting = [asyncio.create_task(slow_hasher.verify("correct horse 42", None)) for _ in range(6 * cores())]
    await asyncio.sleep(0)
    slow_hasher.close()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {bool, ServiceBusy}
    with pytest.raises(ServiceBusy):
        await slow_hasher.verify("correct horse 42", None)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
