"""Write texts of users so that no mail program makes a link of them: ``evil[.]example``, ``http[:]//…``.

A zero-width character would do so unseen, but some programs drop it and link anyway, and it spoils what is copied.
"""

import re

_TOKEN = re.compile(r"\S+")
_SCHEME = re.compile(r":(?=[/\\]{2})")
_DOT = re.compile(r"(?<=[\w\]])[.\u3002\uff0e\uff61](?=[^\W\d_]{2})")
"""A dot, or what browsers take for one (UTS #46), before what may be a top-level domain."""
_ABBREVIATION = re.compile(r"\W*(?:[A-Z][a-z]{0,2}\.)+[A-Z][a-z]+\W*")
"""``Dr.Rao``, ``K.R.Shah``, ``St.Gallen``."""


def defanged(text: str) -> str:
    """Return `text` with brackets around what would make a link of it: colons of schemes, dots of host names."""
    return _TOKEN.sub(lambda token: _defanged_token(token[0]), text)


def _defanged_token(token: str) -> str:
    if "/" not in token and "@" not in token and _ABBREVIATION.fullmatch(token):
        return token
    return _DOT.sub("[.]", _SCHEME.sub("[:]", token))
