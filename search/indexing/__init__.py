"""The index follows the database."""
