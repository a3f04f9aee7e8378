"""What other rooms may hear of: a file of these works was read, or cannot be: it is known what words they hold."""

from django.dispatch import Signal

texts_read = Signal()
"""`works`: their numbers. `words`: there are some. Sent in the transaction that keeps them."""
