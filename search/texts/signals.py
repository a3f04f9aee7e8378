"""What other rooms may hear of: a file of these works was read, so they hold words that they did not hold before."""

from django.dispatch import Signal

texts_read = Signal()
"""`works`: their numbers. Sent in the transaction that keeps the words."""
