"""The administrator's screens in Wagtail's admin: the list of people, and the roster."""
