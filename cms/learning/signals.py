"""What the learning room tells others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

lesson_completed = Signal()  # provides args: progress (with its enrolment)
