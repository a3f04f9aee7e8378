"""The writers of shares and adoptions."""

from workflows.sharing.actions.adopting import adopt, end_adoption
from workflows.sharing.actions.recommending import recommend, withdraw_recommendation, would_reach
from workflows.sharing.actions.remixing import remix
from workflows.sharing.actions.sharing import recall_share, share_work

__all__ = [
    "adopt",
    "end_adoption",
    "recall_share",
    "recommend",
    "remix",
    "share_work",
    "withdraw_recommendation",
    "would_reach",
]
