"""API keys as nouns: what is sent for one, and what comes back."""

from leadconnect.auth.models import Password
from leadconnect.wire import Answer, Input, Instant


class ApiKeyRequest(Input):
    """The proof that it is the user who makes a key: their password, unless their log-in is fresh."""

    password: Password | None = None


class NewApiKey(Answer):
    """A new key, in the only answer that ever has the whole of it."""

    api_key: str
    created_at: Instant
