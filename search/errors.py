"""What can go wrong when searching. Wording and HTTP status are given at the edge, from `code` and the facts."""


class SearchError(Exception):
    """Base of everything this package raises on purpose."""

    code = "search_error"


class IndexUnavailable(SearchError):
    """The index cannot answer or be written now; the database is not touched, so nothing is lost.

    reason  one of `missing`, `corrupt`, `outdated`, `unfilled` (no rebuild has filled it yet), `busy`, `full`,
            `readonly`, `unreachable`, `failed`
    detail  the engine's own words, for the log
    """

    code = "index_unavailable"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class SearchTimeout(SearchError):
    """The search was stopped after `seconds`."""

    code = "search_timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"stopped after {seconds:g} s")


class RebuildRunning(SearchError):
    """Another process is rebuilding this index."""

    code = "rebuild_running"


class NothingToRollBackTo(SearchError):
    """There is no earlier index to go back to."""

    code = "nothing_to_roll_back_to"


class TooOldToRollBackTo(SearchError):
    """Of what the earlier index lacks not all is known any more."""

    code = "too_old_to_roll_back_to"


class NothingToSave(SearchError):
    """A search without words and conditions is no search."""

    code = "nothing_to_save"


class NothingToFollow(SearchError):
    """Nothing in a saved search could tell one work from another: it would bring all of them."""

    code = "nothing_to_follow"


class NoName(SearchError):
    """Nothing of the name can be seen."""

    code = "no_name"


class NoLongerSaved(SearchError):
    """The saved search was deleted meanwhile."""

    code = "no_longer_saved"


class TooManyFollowed(SearchError):
    """The person follows `most` saved searches already."""

    code = "too_many_followed"

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


class TooManySaved(SearchError):
    """The person has `most` saved searches already."""

    code = "too_many_saved"

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most
