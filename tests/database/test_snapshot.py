"""The snapshot of the schema."""

from leadconnect.database.snapshot import SNAPSHOT, schema_of_migrations


def test_the_snapshot_is_what_the_migrations_make() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == schema_of_migrations(), "run `make schema`"
