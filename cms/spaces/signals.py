"""What spaces tell others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

interests_changed = Signal()  # provides args: space
