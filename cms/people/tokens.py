"""Tokens with which other systems act as a person."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from cms.audit.actions import record
from cms.people.models import ApiToken, User

USED_EVERY = timedelta(minutes=1)  # how exact `last_used_at` is: no write a request


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def issue_token(user: User, *, name: str, expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A new token and its text, which is shown this once and kept nowhere."""
    text = f"gj_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(user=user, name=name, digest=digest(text), expires_at=expires_at)
    record("token:issue", actor=user, subject_type="people.user", subject_id=user.uuid, name=name)
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """The token opens nothing any more."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record("token:revoke", actor=by, subject_type="people.user", subject_id=token.user.uuid, name=token.name)


def person_of(text: str) -> User | None:
    """Whose valid token this is; None for a wrong, revoked or expired one, or an inactive person."""
    now = timezone.now()
    token = (
        ApiToken.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), digest=digest(text))
        .filter(revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user


@transaction.atomic
def revoke_tokens(user: User, *, by: User) -> None:
    """None of the person's tokens opens anything any more."""
    for token in valid_tokens(user).order_by("pk"):
        revoke_token(token, by=by)


def valid_tokens(user: User) -> "QuerySet[ApiToken]":
    """Those that open something now."""
    return ApiToken.objects.filter(user=user, revoked_at=None).exclude(expires_at__lte=timezone.now())


class TokenAuth(HttpBearer):
    """`Authorization: Bearer gj_…`; the request's user is the token's person from then on."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = person_of(token)
        if user is not None:
            request.user = user
        return user


def visitor(request: HttpRequest) -> Any:
    """For addresses that answer visitors as well: a token counts when it is given, and must be valid then."""
    header = request.headers.get("Authorization", "")
    if not header:
        return request.user
    scheme, _space, text = header.partition(" ")
    user = person_of(text) if scheme.lower() == "bearer" else None
    if user is not None:
        request.user = user
    return user


def person(request: HttpRequest) -> User:
    """The person behind a request that `TokenAuth` let in."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
