"""Identity numbers: checked by GB 11643, kept only as a keyed hash.

The key is derived from SECRET_KEY, so the hashes of one installation say nothing to another, and nobody can try all
numbers against a stolen table without it. Whoever changes SECRET_KEY loses the way from a number to a person: the
next roster then finds people by login name and is told that the numbers differ; `User.identity_hash` must be emptied
first (`manage.py forget_identities`).
"""

import datetime as dt
import re

from django.utils.crypto import salted_hmac

SALT = "gongjian.people.identity"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
_FORM = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)


def is_valid(number: str) -> bool:
    """Eighteen characters with a real date of birth and the right check character."""
    if not _FORM.fullmatch(number):
        return False
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if not dt.date(1900, 1, 1) <= born <= dt.date.today():
        return False
    return CHECK[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11] == number[17]


def fingerprint(number: str) -> str:
    """What is kept of a valid number: HMAC-SHA256, 64 hexadecimal digits."""
    return salted_hmac(SALT, number, algorithm="sha256").hexdigest()
