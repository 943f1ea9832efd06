"""Pages of a list: what a client asks for, and what it is told about them."""

from typing import Annotated

from msgspec import Meta

from leadconnect.wire import Answer

MAX_PAGE = 1_000_000_000
"""Far beyond any list, and small enough that no offset leaves 64 bits."""
MAX_LIMIT = 1000

PageNumber = Annotated[int, Meta(ge=1, le=MAX_PAGE)]
Limit = Annotated[int, Meta(ge=1, le=MAX_LIMIT)]


class PageMeta(Answer):
    """Where a page stands among all. A page beyond the end is empty and has a previous one."""

    total: int
    page: int
    limit: int
    total_pages: int
    has_next_page: bool
    has_previous_page: bool


def page_meta(*, total: int, page: int, limit: int) -> PageMeta:
    """Return what is told about `page` (from 1) of a list of `total` items, `limit` to a page."""
    total_pages = -(-total // limit)
    return PageMeta(
        total=total,
        page=page,
        limit=limit,
        total_pages=total_pages,
        has_next_page=page < total_pages,
        has_previous_page=page > 1,
    )


def offset(page: int, limit: int) -> int:
    """Return how many items stand before `page`."""
    return (page - 1) * limit
