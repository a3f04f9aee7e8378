"""What the outbox tells rooms above it."""

from django.dispatch import Signal

parked = Signal()  # provides args: topic (which was given up); inside the transaction
retried = Signal()  # provides args: by (a person), topics (name -> how many); inside the transaction
