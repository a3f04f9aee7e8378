"""Page numbers of what is counted and read apart."""

from django.core.paginator import Paginator


class Counted(Paginator[None]):
    """Page numbers for a total that is known; the rows of a page come from elsewhere."""

    def __init__(self, total: int, per_page: int) -> None:
        super().__init__([], per_page)
        self.total = total

    @property
    def count(self) -> int:
        return self.total
