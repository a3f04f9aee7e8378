"""The workbench of works: what Wagtail's admin shows of each kind, and what it must not."""
