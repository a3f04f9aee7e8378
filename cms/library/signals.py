"""What the library tells the rooms above it. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

work_sealed = Signal()  # provides args: work, seal
work_published = Signal()  # provides args: work, seal, by
work_retired = Signal()  # provides args: work, by
visibility_changed = Signal()  # provides args: work
