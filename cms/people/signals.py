"""What people tell others. All are sent inside the transaction of their cause."""

from django.dispatch import Signal

profile_changed = Signal()  # provides args: user, profile (TeachingProfile)
memberships_changed = Signal()  # provides args: user
person_changed = Signal()  # provides args: user; another name, active or no longer, findable or no longer
account_changed = Signal()  # provides args: user, by (the administrator),
# change ("password_reset", "reactivated", "second_factor_removed")
