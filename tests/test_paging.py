"""Pages: what is told about them, and that no page a client can ask for leaves the range of the database."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.paging import MAX_LIMIT, MAX_PAGE, Limit, PageNumber, offset, page_meta


@given(total=st.integers(0, 10_000), page=st.integers(1, 500), limit=st.integers(1, 1000))
def test_the_meta_of_a_page_agrees_with_cutting_a_list(total: int, page: int, limit: int) -> None:
    items = range(total)
    pages = [items[start : start + limit] for start in range(0, total, limit)]
    meta = page_meta(total=total, page=page, limit=limit)
    assert meta.total_pages == len(pages)
    assert meta.has_next_page == (page < len(pages))
    assert meta.has_previous_page == (page > 1)
    begin = offset(page, limit)
    assert list(items[begin : begin + limit]) == (list(pages[page - 1]) if page <= len(pages) else [])


def test_a_page_beyond_the_end_has_a_previous_one_and_no_next_one() -> None:
    meta = page_meta(total=41, page=9, limit=20)
    assert (meta.total_pages, meta.has_next_page, meta.has_previous_page) == (3, False, True)


def test_an_empty_list_has_no_pages() -> None:
    meta = page_meta(total=0, page=1, limit=10)
    assert (meta.total_pages, meta.has_next_page, meta.has_previous_page) == (0, False, False)


def test_the_last_page_that_can_be_asked_for_has_an_offset_of_64_bits() -> None:
    assert offset(MAX_PAGE, MAX_LIMIT) < 2**63


@pytest.mark.parametrize(("kind", "value"), [(PageNumber, 0), (PageNumber, MAX_PAGE + 1), (Limit, 0), (Limit, 1001)])
def test_numbers_out_of_bounds_are_refused(kind: object, value: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, kind)


def test_meta_is_written_with_the_keys_of_the_wire() -> None:
    written = msgspec.json.decode(msgspec.json.encode(page_meta(total=41, page=2, limit=20)))
    assert written == {
        "total": 41,
        "page": 2,
        "limit": 20,
        "totalPages": 3,
        "hasNextPage": True,
        "hasPreviousPage": True,
    }
