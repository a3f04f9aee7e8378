"""The search page, and the page that says why a hit stands where it stands."""
