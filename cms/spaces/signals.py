"""What spaces tell others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

interests_changed = Signal()  # provides args: space
space_changed = Signal()  # provides args: space; it was opened, moved, made private or no longer
spaces_renamed = (
    Signal()
)  # provides args: spaces (ids), those of schools and subjects; a person tells of their own name
