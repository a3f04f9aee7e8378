"""What the outbox tells rooms above it."""

from django.dispatch import Signal

retried = Signal()  # provides args: by (a person), topics (name -> how many); inside the transaction
