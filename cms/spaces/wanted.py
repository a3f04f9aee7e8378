"""Why works were wanted, in words: what of a space's interests and follows has brought them, by its name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _
from wagtail import hooks

from cms.people.models import User
from cms.spaces.enums import DeliveryReason
from cms.spaces.models import INTEREST_COLUMNS, Delivery, Interest, Space
from cms.spaces.tokens import AUTHOR, INTEREST, SPACE

BY_WISH = (DeliveryReason.INTEREST, DeliveryReason.FOLLOWED_AUTHOR, DeliveryReason.FOLLOWED_SPACE)
NAMES = "name_interests"
"""The hook of who calls interests something: `(space, ids) -> {id: name}`."""


def wanted(space: Space, works: Collection[int], read: Collection[str]) -> dict[int, list[str]]:
    """Of these works why the space wanted them, what was asked for by name first. At most five queries and the
    hooks', however many works there are.

    read   tokens that the space reads
    """
    if not works:
        return {}
    rows = Delivery.objects.filter(work__in=works, token__in=read, reason__in=BY_WISH).values_list("work", "token")
    tokens: dict[int, set[str]] = defaultdict(set)
    for work, token in rows:
        tokens[work].add(token)
    said = _said(space, set().union(*tokens.values()))
    order = {token: place for place, token in enumerate(said)}
    return {
        work: list(dict.fromkeys(said[token] for token in sorted(some & order.keys(), key=order.__getitem__)))
        for work, some in tokens.items()
    }


def _said(space: Space, tokens: Iterable[str]) -> dict[str, str]:
    """Token -> what is said of it: searches, authors, spaces, then all else that is of interest."""
    ids: dict[str, list[int]] = defaultdict(list)
    for token in sorted(tokens):
        ids[token[0]].append(int(token[1:]))
    searches, facets = _interests(space, ids[INTEREST])
    authors = User.objects.filter(pk__in=ids[AUTHOR]).values_list("pk", "name") if ids[AUTHOR] else ()
    spaces = Space.objects.filter(pk__in=ids[SPACE]).values_list("pk", "name") if ids[SPACE] else ()
    return {
        **{f"{INTEREST}{pk}": _("关注的搜索：%(name)s") % {"name": name} for pk, name in searches.items()},
        **{f"{AUTHOR}{pk}": _("关注的作者：%(name)s") % {"name": name} for pk, name in authors},
        **{f"{SPACE}{pk}": _("关注的空间：%(name)s") % {"name": name} for pk, name in spaces},
        **{f"{INTEREST}{pk}": _("关注的内容：%(name)s") % {"name": name} for pk, name in facets.items()},
    }


def _interests(space: Space, ids: Collection[int]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Names of those that somebody has named, as saved searches are; and of those of chosen facets."""
    if not ids:
        return {}, {}
    named: dict[int, str] = {}
    for name_interests in hooks.get_hooks(NAMES):
        named |= name_interests(space, ids)
    rest = Interest.objects.filter(words=[], filters={}, pk__in=[pk for pk in ids if pk not in named])
    return named, {row.pk: str(row) for row in rest.select_related(*INTEREST_COLUMNS, "organisation").order_by("pk")}
