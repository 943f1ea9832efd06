"""The settings of a user decide what they are notified of, and the database knows the same kinds."""

import re

from hypothesis import given
from hypothesis import strategies as st

from leadconnect.database.pool import Database
from leadconnect.identifiers import new_id
from leadconnect.mail.announcements import PERSONAL_KINDS, Kind
from leadconnect.notifications.models import SWITCHES, Person
from leadconnect.notifications.telling import kind_for
from leadconnect.wire import values_of

COLUMNS = ("new_leads", "hot_leads", "conversions", "follow_ups", "daily_summary")


def person(switches: dict[str, bool], *, mail: bool = True, push: bool = True) -> Person:
    return Person(
        id=new_id(),
        email="eve@example.com",
        full_name="Eve",
        role="Management",
        is_owner=True,
        owner_is_active=True,
        can_view_leads=False,
        email_notifications=mail,
        browser_push=push,
        own_actions=False,
        is_mailable=True,
        **switches,
    )


SWITCHED = st.fixed_dictionaries(dict.fromkeys(COLUMNS, st.booleans()))


@given(SWITCHED, st.lists(st.sampled_from(sorted(SWITCHES)), min_size=1, max_size=3, unique=True))
def test_an_event_of_several_kinds_is_notified_as_the_first_wanted_one(
    switches: dict[str, bool], kinds: list[Kind]
) -> None:
    chosen = kind_for(person(switches), kinds)
    wanted = [kind for kind in kinds if switches[SWITCHES[kind]]]
    assert chosen == (wanted or kinds)[0]


@given(SWITCHED, st.booleans(), st.booleans(), st.sampled_from(Kind))
def test_a_kind_is_wanted_exactly_where_its_switch_is_on(
    switches: dict[str, bool], mail: bool, push: bool, kind: Kind
) -> None:
    expected = kind not in PERSONAL_KINDS and switches[SWITCHES[kind]]
    assert person(switches, mail=mail, push=push).wants(kind) == expected


async def test_the_table_takes_exactly_the_kinds_of_the_enum(database: Database) -> None:
    async with database.acquire() as connection:
        check = await connection.fetchval(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'notifications_kind_check'"
        )
    assert set(re.findall(r"'([^']+)'::text", check)) == set(values_of(Kind))
