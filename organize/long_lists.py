"""Lists of any length, by pages.

Nothing is counted or skipped beyond the first ten thousand rows, so that the last page of a list takes no longer than
its first; what is older is reached from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

MOST_REACHED = 10_000


class LongPage(Page):
    """A page. `before` is the key before which its list begins, if it does not begin with the newest."""

    paginator: LongPaginator

    @property
    def before(self) -> int | None:
        return self.paginator.before

    @property
    def is_cut(self) -> bool:
        """Whether there are rows that no page of this list has."""
        return self.paginator.has_more

    @property
    def older(self) -> int | None:
        """The key before which the list goes on, on the last page of one that is cut and is in the order of keys."""
        if not self.is_cut or not self.paginator.is_by_age or self.has_next():
            return None
        return int(list(self)[-1].pk)


class LongPaginator(Paginator):
    """Pages of the first `MOST_REACHED` rows. `is_by_age` says that the newest key comes first."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, is_by_age: bool, before: int | None) -> None:
        super().__init__(rows.filter(pk__lt=before) if before is not None else rows, per_page)
        self.is_by_age, self.before = is_by_age, before

    @cached_property
    def _counted(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # it was given as one
        return rows.order_by().values("pk")[: MOST_REACHED + 1].count()

    @cached_property
    def count(self) -> int:
        """How many rows the pages have."""
        return min(self._counted, MOST_REACHED)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than the pages have."""
        return self._counted > MOST_REACHED

    def _get_page(self, *args: Any, **kwargs: Any) -> LongPage:
        return LongPage(*args, **kwargs)


def page_of(rows: QuerySet[Any], asked: Mapping[str, str], per_page: int, *, is_by_age: bool = False) -> LongPage:
    """The page that `?page=` asks for, the nearest there is for one that is not; of lists that are by age `?before=` is
    the key before which they begin. Two queries.
    """
    before = None
    with suppress(ValueError):
        before = int(asked.get("before", "")) if is_by_age else None
    pages = LongPaginator(rows, per_page, is_by_age=is_by_age, before=before)
    return cast("LongPage", pages.get_page(asked.get("page")))


def number_of(rows: QuerySet[Any], column: str) -> Coalesce:
    """An annotation: how many of `rows` name each row in `column`. Counted for the rows of a page alone, which a count
    over joined rows is not.
    """
    mine = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(number=Count("pk"))
    return Coalesce(Subquery(mine.values("number")), 0)
