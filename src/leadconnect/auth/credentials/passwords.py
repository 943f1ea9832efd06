"""Passwords: what a new one must be, how it is hashed, and how log-ins wait for a free core.

A password is keyed with HMAC-SHA-256 under the server's secret before it is hashed, so its length never matters
(bcrypt itself reads 72 bytes) and a stolen table is worthless without the secret. The other side of it: whoever loses
the secret loses every password. A stored hash reads ``lc1`` plus the usual form:

- ``lc1$2b$10$…`` bcrypt
- ``lc1$argon2id$v=19$m=19456,t=2,p=1$…`` argon2id (RFC 9106), with the parameters of the OWASP password storage sheet
- ``$2a$…``, ``$2b$…``, ``$2y$…`` bcrypt of the bare password cut at 72 bytes, as bcryptjs makes them; re-hashed at the
  next log-in

Passwords are compared exactly as sent: nothing is trimmed, folded or normalised.
"""

import asyncio
import base64
import hmac
import os
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import TypeVar

import argon2
import bcrypt

from leadconnect.errors import FieldCode, FieldError, ServiceBusy, ValidationFailed
from leadconnect.settings import Settings

MINIMUM_LENGTH = 8
"""Characters a new password must have. Older, shorter ones still log in."""

MAXIMUM_LENGTH = 1_024
"""Characters a password may have, anywhere; longer ones are refused before any hashing."""

Result = TypeVar("Result")

_TAG = "lc1"
_LEGACY = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
_BCRYPT_BYTES = 72
_CHEAPEST_ROUNDS = 4
_ARGON2 = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ARGON2_PREFIX = f"{_TAG}$argon2id$v=19$m=19456,t=2,p=1$"
_NICENESS = 5
_WEIGHT_OF_NEWEST = 0.125
_PRODUCT = "leadconnect"


def too_long(password: str) -> bool:
    """Tell whether `password` has more than 1,024 characters."""
    return len(password) > MAXIMUM_LENGTH


def password_problems(
    password: str, *, field: str = "newPassword", email: str = "", company: str = ""
) -> list[FieldError]:
    """Return what is wrong with `password` as a new one, sent as `field`; nothing when it will do.

    It needs 8 to 1,024 characters, must not be among the common ones in any case, and must not be the person's e-mail
    address, its local part, the company's or our own name, digits and punctuation around them aside
    (NIST SP 800-63B-4 §3.1.1.2). There are no rules about kinds of characters.
    """
    if too_long(password):
        return [_too_long(field)]
    problems = []
    if len(password) < MINIMUM_LENGTH:
        message = f"The password must have at least {MINIMUM_LENGTH} characters."
        problems.append(FieldError(field, FieldCode.MIN_LENGTH, message, limit=MINIMUM_LENGTH))
    if password.lower() in common_passwords():
        message = "The password is too common. Please choose another one."
        problems.append(FieldError(field, FieldCode.PASSWORD_TOO_COMMON, message))
    names = {email, email.partition("@")[0], company, _PRODUCT}
    forbidden = {name.lower() for name in names} | {_core(name) for name in names}
    if {password.lower(), _core(password)} & (forbidden - {""}):
        message = "The password must not be your e-mail address or your company's name."
        problems.append(FieldError(field, FieldCode.PASSWORD_IS_NAME, message))
    return problems


def _too_long(field: str) -> FieldError:
    message = f"The password must have at most {MAXIMUM_LENGTH:,} characters."
    return FieldError(field, FieldCode.MAX_LENGTH, message, limit=MAXIMUM_LENGTH)


@cache
def common_passwords() -> frozenset[str]:
    """Return about 16,000 common passwords of 8 characters and more, in lower case."""
    text = resources.files("leadconnect.auth.credentials").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#!comment:"))


def _core(text: str) -> str:
    """Return the letters and digits of `text` in lower case, without the digits at either end."""
    return "".join(filter(str.isalnum, text.lower())).strip("0123456789")


class PasswordHasher:
    """Hashes and checks passwords in threads of its own, as many as there are cores.

    Every method that hashes raises ServiceBusy at once when the queue would keep the caller longer than
    ``settings.hash_queue_wait`` seconds, and a caller who is cancelled leaves the queue.

    Raises:
        ValueError: the settings have no secret.
    """

    def __init__(self, settings: Settings) -> None:
        if not settings.secret:
            raise ValueError("passwords cannot be hashed without a secret")
        self._key = hmac.digest(settings.secret.encode(), b"leadconnect: passwords, version 1", "sha256")
        self._rounds = settings.bcrypt_rounds
        scheme = settings.password_hash
        self._argon2id = scheme == "argon2id"
        self._current = _ARGON2_PREFIX if self._argon2id else f"{_TAG}$2b${self._rounds:02d}$"
        self._dummy, seconds = self._rehearse()
        self._queue = _HashQueue(timedelta(seconds=settings.hash_queue_wait), seconds)

    @property
    def hashes_computed(self) -> int:
        """How many hashes have been begun since the start, dummies included."""
        return self._queue.begun_count

    async def hash(self, password: str) -> str:
        """Return what to store for `password`, fewer than 128 ASCII characters.

        Raises:
            ValidationFailed: the password has more than 1,024 characters.
            ServiceBusy: too many are waiting.
        """
        _refuse_too_long(password)
        return await self._queue.run(lambda: self._hash_now(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether `password` is the one that `stored` was made from.

        Without a stored hash, or with one that cannot be read, a hash is computed all the same, at today's cost: the
        time taken does not tell whether somebody has an account.

        Raises:
            ValidationFailed: the password has more than 1,024 characters.
            ServiceBusy: too many are waiting.
        """
        _refuse_too_long(password)
        return await self._queue.run(lambda: self._verify_now(password, stored))

    def needs_rehash(self, stored: str) -> bool:
        """Tell whether `stored` was made otherwise than the settings now say, so that the next log-in replaces it."""
        return not stored.startswith(self._current)

    def close(self) -> None:
        """Stop the threads; whoever still waits gets ServiceBusy. Does not wait for hashes under way."""
        self._queue.close()

    def _hash_now(self, password: str) -> str:
        keyed = self._keyed(password)
        if self._argon2id:
            return f"{_TAG}{_ARGON2.hash(keyed)}"
        return f"{_TAG}{bcrypt.hashpw(keyed, bcrypt.gensalt(self._rounds)).decode('ascii')}"

    def _verify_now(self, password: str, stored: str | None) -> bool:
        try:
            return self._matches(password, stored or "")
        except (ValueError, argon2.exceptions.VerificationError):  # no hash, or not one of ours
            self._matches(password, self._dummy)
            return False

    def _matches(self, password: str, stored: str) -> bool:
        """Compare by the form of `stored`.

        Raises:
            ValueError, VerificationError: `stored` is not a hash.
        """
        if _LEGACY.fullmatch(stored):
            return bcrypt.checkpw(_bytes(password)[:_BCRYPT_BYTES], stored.encode("ascii"))
        tag, dollar, native = stored.partition("$")
        if tag != _TAG:
            raise ValueError("not a stored password")
        if not native.startswith("argon2id$"):
            return bcrypt.checkpw(self._keyed(password), (dollar + native).encode())
        try:
            return _ARGON2.verify(dollar + native, self._keyed(password))
        except argon2.exceptions.VerifyMismatchError:
            return False

    def _keyed(self, password: str) -> bytes:
        """Return HMAC-SHA-256 of `password` in base64: 44 bytes, none of them NUL, which bcrypt takes whole."""
        return base64.b64encode(hmac.digest(self._key, _bytes(password), "sha256"))

    def _rehearse(self) -> tuple[str, float]:
        """Return a hash of today's form that no password has, and about how many seconds one takes, in a few ms.

        bcrypt doubles with every round (Provos and Mazières 1999), so its cheapest tells the cost of the others.
        """
        secret = secrets.token_bytes(32)
        if self._argon2id:
            began = time.perf_counter()
            return f"{_TAG}{_ARGON2.hash(secret)}", time.perf_counter() - began
        salt = bcrypt.gensalt(_CHEAPEST_ROUNDS)
        times = []
        for _ in range(3):
            began = time.perf_counter()
            cheap = bcrypt.hashpw(secret, salt).decode("ascii")
            times.append(time.perf_counter() - began)
        return self._current + cheap[len("$2b$04$") :], min(times) * 2 ** (self._rounds - _CHEAPEST_ROUNDS)


class _HashQueue:
    """Threads, and a queue before them that is as long as `wait` allows at the pace of the latest hashes.

    `estimate` is the pace to begin with, in seconds a hash.
    """

    def __init__(self, wait: timedelta, estimate: float) -> None:
        self.begun_count = 0
        self._wait = wait.total_seconds()
        self._average = estimate
        self._thread_count = _core_count()
        self._pending_count = 0
        self._closed = False
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(self._thread_count, "password", initializer=_yield_to_requests)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, from a thread.

        Raises:
            ServiceBusy: no thread is likely to begin within the wait, or none did.
        """
        job = self._submit(work)
        future = asyncio.wrap_future(job)
        try:
            await asyncio.wait((future,), timeout=self._wait)
        finally:
            job.cancel()  # takes it out of the queue, and does nothing once a thread has begun
        if job.cancelled():
            raise ServiceBusy
        return await future

    def close(self) -> None:
        """Let nobody in any more and send away who waits."""
        with self._lock:
            self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _submit(self, work: Callable[[], Result]) -> Future[Result]:
        with self._lock:
            ahead = max(0, self._pending_count + 1 - self._thread_count)
            expected = ahead * self._average / self._thread_count
            if self._closed or expected > self._wait:
                raise ServiceBusy(retry_after=timedelta(seconds=max(1.0, expected)))
            job = self._threads.submit(self._timed, work)
            self._pending_count += 1
        job.add_done_callback(self._leave)
        return job

    def _timed(self, work: Callable[[], Result]) -> Result:
        with self._lock:
            self.begun_count += 1
        began = time.perf_counter()
        try:
            return work()
        finally:
            took = time.perf_counter() - began
            with self._lock:
                self._average += _WEIGHT_OF_NEWEST * (took - self._average)

    def _leave(self, _job: Future[Result]) -> None:
        with self._lock:
            self._pending_count -= 1


def _bytes(password: str) -> bytes:
    """Return `password` as sent: UTF-8, in which half a surrogate pair counts as a character like any other."""
    return password.encode("utf-8", "surrogatepass")


def _refuse_too_long(password: str) -> None:
    if too_long(password):
        raise ValidationFailed([_too_long("password")])


def _core_count() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _yield_to_requests() -> None:
    """Let the event loop go first where there are fewer cores than threads. Only Linux has a niceness per thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
