"""The writers of shares and adoptions."""

from workflows.sharing.actions.adopting import adopt, end_adoption
from workflows.sharing.actions.remixing import remix
from workflows.sharing.actions.sharing import recall_share, share_work

__all__ = ["adopt", "end_adoption", "recall_share", "remix", "share_work"]
