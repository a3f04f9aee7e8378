"""What people tell others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

profile_changed = Signal()  # provides args: user, profile (TeachingProfile)
account_changed = Signal()  # provides args: user, change ("password_reset", "reactivated"), by (the administrator)
