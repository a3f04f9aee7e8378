"""Who asks: for views of any room."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cms.people.models import User


def person_of(request: HttpRequest) -> User:
    """Who signed in; views behind `login_required` have somebody. Raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
