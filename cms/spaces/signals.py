"""What spaces tell others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

interests_changed = Signal()  # provides args: space, begun (ids of interests that no space had before)
space_changed = Signal()  # provides args: space; it was opened, moved, introduced, made private or no longer
spaces_renamed = Signal()  # provides args: spaces (ids), of schools and subjects; people tell of their own names
