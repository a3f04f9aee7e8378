"""What the review room tells others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

submission_moved = Signal()  # provides args: submission, step, by, from_state, comment
experts_assigned = Signal()  # provides args: submission, assignments
review_recorded = Signal()  # provides args: review, submission
submission_published = Signal()  # provides args: submission, seal
