"""The schema as one file for people to read: ``python -m leadconnect.database.snapshot`` writes ``schema.sql``.

It is what pg_dump says of a freshly migrated database. `leadconnect.database.rights` reads the roles' rights from it; a
test compares it with the migrations.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from leadconnect.database.embedded import EmbeddedPostgres, binaries

SNAPSHOT = Path(__file__).with_name("schema.sql")
_HEADER = "-- The schema after all migrations, written by `make schema`. Do not edit; add a migration.\n\n"
_CHANGING = re.compile(r"^(?:-- Dumped .*|\\(?:un)?restrict .*|--)\n", re.MULTILINE)
"""What pg_dump writes anew each time or with each release: versions, and the random words of ``\\restrict``."""


def dump_schema(url: str) -> str:
    """Return the schema of the database of `url` as SQL, the same text for the same schema.

    Raises:
        subprocess.CalledProcessError: pg_dump fails; its ``stderr`` says why.
    """
    text = subprocess.run(  # noqa: S603  a program of ours, no shell
        [str(binaries() / "pg_dump"), "--schema-only", "--restrict-key=none", "-d", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return _HEADER + re.sub(r"\n{3,}", "\n\n", _CHANGING.sub("", text)).strip() + "\n"


def schema_of_migrations() -> str:
    """Return the schema that the migrations make in an empty database; takes some seconds."""
    from leadconnect.database.migrate import migrate  # here, because migrating reads the snapshot

    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        url = server.start()
        asyncio.run(migrate(url))
        return dump_schema(url)


if __name__ == "__main__":
    SNAPSHOT.write_text(schema_of_migrations(), encoding="utf-8")
    sys.stdout.write(f"{SNAPSHOT} written\n")
