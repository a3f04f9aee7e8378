"""What the outbox tells rooms above it."""

from django.dispatch import Signal

parked = Signal()  # provides args: topic (which was given up); inside the transaction
held_up = Signal()  # provides args: topic (whose work has waited long for what is away)
retried = Signal()  # provides args: by (a person), topics (name -> how many); inside the transaction
