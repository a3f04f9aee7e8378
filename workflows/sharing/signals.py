"""What the sharing room tells others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

work_shared = Signal()  # provides args: share, by (None when a new version kept its shares)
share_recalled = Signal()  # provides args: share, by (None when a new version may not reach so far)
work_adopted = Signal()  # provides args: adoption
adoption_ended = Signal()  # provides args: adoption
work_recommended = Signal()  # provides args: recommendation
recommendation_withdrawn = Signal()  # provides args: recommendation
