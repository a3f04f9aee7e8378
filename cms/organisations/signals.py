"""What the tree tells others, inside the transaction of its cause."""

from django.dispatch import Signal

organisation_moved = Signal()  # provides args: organisation (as it stands now), before (its path until now)
