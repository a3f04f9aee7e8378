"""First passwords: made for a person, shown once to the administrator, replaced by the person at the first login."""

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.utils.crypto import get_random_string

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is mistaken for another on paper
GROUP, GROUPS = 4, 3
ROUNDS = 1_000
"""Stretching slows down guessing of what people choose; twelve random characters (59 bits) are beyond guessing anyway,
and a roster of 5,000 must not take half an hour. The hasher makes it the full number at the first login."""


def first_password() -> str:
    """Random and easy to copy: `hk7m-q2wd-9xna`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(GROUP)) for _group in range(GROUPS))


def hashed(password: str) -> str:
    """The stored form of a first password."""
    hasher = get_hasher()
    salt = get_random_string(22)
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, salt, iterations=ROUNDS)
    return hasher.encode(password, salt)
