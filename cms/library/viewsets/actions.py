"""Wagtail's own doors to the public, closed for works: actions by name, and deleting in bulk."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from cms.library.errors import NotThroughReview
from cms.library.models import KINDS


class GuardedPublish(PublishRevisionAction):
    """What the registry answers for "publish": a refusal, whatever permission checks the caller skips."""

    def check(self, skip_permission_checks: bool = False) -> None:
        raise NotThroughReview("works go live through review only")


class GuardedUnpublish(UnpublishAction):
    """What the registry answers for "unpublish"."""

    def check(self, skip_permission_checks: bool = False) -> None:
        raise NotThroughReview("works are taken down by retiring them")


class NoBulkDelete(DeleteBulkAction):
    """Wagtail's page lists titles of works one may not touch, and deletes by queryset: it is not there for works."""

    models = list(KINDS.values())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise Http404
