"""What people tell others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

profile_changed = Signal()  # provides args: user, profile (TeachingProfile)
memberships_changed = Signal()  # provides args: user
account_changed = Signal()  # provides args: user, change ("password_reset", "reactivated"), by (the administrator)
