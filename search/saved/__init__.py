"""Searches that a person keeps, and follows."""
