"""Tags to choose from while one types: those of works that this person may see, and of the own ones.

Wagtail's page of this address shows every tag there is, with what stands in other people's drafts.
"""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

from cms.library import rules
from cms.library.models import Work
from cms.library.models.work import TaggedWork
from cms.people.queries import standing
from cms.taxonomy.models import Tag

MOST = 10


@require_safe
def suggested(request: HttpRequest, app_name: str = "", model_name: str = "") -> HttpResponse:
    """The names that begin with `term`, as a JSON list; no other model has tags that one chooses."""
    if (app_name, model_name) != (Tag._meta.app_label, Tag._meta.model_name):
        raise Http404
    term = request.GET.get("term", "").replace("\x00", "").strip()
    if not term:
        return JsonResponse([], safe=False)
    works = Work.objects.filter(rules.as_q(request.user, "view") | rules.author.q(standing(request.user)))
    known = TaggedWork.objects.filter(tag=OuterRef("pk"), content_object__in=works)
    names = Tag.objects.filter(Exists(known), name__istartswith=term).order_by("name").values_list("name", flat=True)
    return JsonResponse(list(names[:MOST]), safe=False)


_guarded = never_cache(require_admin_access(suggested))
urlpatterns = [path("", _guarded), path("<slug:app_name>/<slug:model_name>/", _guarded)]
