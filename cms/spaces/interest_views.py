"""What a space is interested in: the list, one more, one less."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.organisations.enums import Tier
from cms.organisations.models import Organisation
from cms.organisations.picking import picker
from cms.people.queries import standing
from cms.people.requests import person_of
from cms.spaces import actions, queries
from cms.spaces.enums import SpaceKind
from cms.spaces.errors import SpaceError
from cms.spaces.forms import InterestForm
from cms.spaces.frame import address, framed, space_of
from cms.spaces.models import Interest, Space
from cms.spaces.wording import sentence


@login_required
def interests(request: HttpRequest) -> HttpResponse:
    """What the space is interested in: the list, and a form that adds one more. With `look`, the organisations whose
    name was typed; what was chosen stays chosen."""
    space = space_of(request)
    looks = "look" in request.POST
    sent = request.POST if request.method == "POST" and not looks else None
    form = InterestForm(sent, initial=request.POST.dict() if looks else None)
    if sent is not None and form.is_valid():
        try:
            held = set(space.interests.values_list("pk", flat=True))
            added = actions.add_interest(space, by=person_of(request), **form.facets())
        except SpaceError as error:
            form.add_error(None, sentence(error))
        else:
            if added.pk in held:
                messages.info(request, _("已在关注这些内容，不用再加。"))
            else:
                messages.success(request, _("已添加。符合的作品会出现在收件箱里，已经共享过的也会补上。"))
            return redirect(address("interests", space))
    active = Organisation.objects.filter(is_active=True)
    choice = {"picker": picker(active, _near(request, space), request.POST.dict()), "any": _("机构不限")}
    if looks and request.headers.get("HX-Request"):
        return render(request, "organisations/_options.html", choice)
    context = framed(space, "interests", form=form, interests=queries.chosen_interests(space), **choice)
    return render(request, "spaces/interests.html", context, status=400 if form.errors else 200)


def _near(request: HttpRequest, space: Space) -> "QuerySet[Organisation]":
    """The own organisations and those above, the school first, but for the nation, which means everything; of a
    school's space the school and those above."""
    if space.kind == SpaceKind.PERSONAL or space.organisation is None:
        paths = standing(request.user).reach_paths
    else:
        paths = space.organisation.ancestor_paths
    return (
        Organisation.objects.filter(path__in=paths, is_active=True).exclude(tier=Tier.NATION).order_by("-depth", "path")
    )


@require_POST
@login_required
def drop_interest(request: HttpRequest, pk: int) -> HttpResponse:
    """One interest less; one that the space has not is no mistake. That of a saved search goes with the search."""
    space = space_of(request)
    found = Interest.objects.filter(pk=pk, spaces=space).first()
    if found is not None and (found.words or found.filters):
        raise Http404
    if found is not None:
        actions.remove_interest(space, found, by=person_of(request))
        messages.success(request, _("已去掉“%(interest)s”，不再为它送来作品。") % {"interest": found})
    return redirect(address("interests", space))
