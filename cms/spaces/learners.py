"""The inbox of a pupil or a parent opens on what is for the grade of the pupil, or of the parent's children, as the
school's roster knows it; courses first, for those are what they can take."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from cms.library.enums import WorkKind
from cms.people.models import User
from cms.people.queries import wards
from cms.spaces.enums import DeliveryReason
from cms.spaces.inbox import MOST_PAGED, InboxItem, delivered_number, inbox_page
from cms.spaces.models import Delivery, Space
from cms.spaces.queries import has_chosen
from cms.spaces.tokens import tokens_of
from cms.taxonomy.models import Grade

COURSES = Q(kind=WorkKind.MICRO_COURSE)


@dataclass(frozen=True)
class Learning:
    """grades   of the pupil, or of the children; at least one
    follows  the space has asked for more than these"""

    grades: list[Grade]
    follows: bool

    @property
    def name(self) -> str:
        return "、".join(dict.fromkeys(grade.name for grade in self.grades))

    def works(self, space: Space, user: User) -> Q:
        """Of these grades, or of their stage where a work names no grade; and what was wanted or recommended anyway."""
        grades, stages = [grade.pk for grade in self.grades], {grade.stage_id for grade in self.grades}
        fits = Q(grade__in=grades) | Q(grade=None, stage__in=stages)
        wanted = Delivery.objects.filter(token__in=tokens_of(space, user), work=OuterRef("pk"))
        return fits | Q(Exists(wanted.exclude(reason=DeliveryReason.TIER)))


def learning_of(space: Space, user: User) -> Learning | None:
    """None of whoever works somewhere, and where the roster says no grade."""
    if not space.is_private or space.owner_id != user.pk:
        return None
    profile = Q(pupilprofile__user=user.pk) | Q(pupilprofile__user__in=wards(user).order_by())
    grades = list(Grade.objects.filter(profile).distinct().order_by("stage__order", "order", "pk"))
    return Learning(grades, has_chosen(space)) if grades else None


def learners_number(space: Space, user: User, works: Q) -> tuple[int, int]:
    """Of how many courses, and of how many works with them; each counted to MOST_PAGED."""
    courses = delivered_number(space, user, works=works & COURSES)
    others = delivered_number(space, user, works=works & ~COURSES)
    return courses, min(courses + others, MOST_PAGED)


def learners_page(space: Space, user: User, works: Q, *, courses: int, offset: int, limit: int) -> list[InboxItem]:
    """One page: the courses, of which there are so many, the newest first; then all else, the newest first."""
    items = inbox_page(space, user, offset=offset, limit=min(limit, max(0, courses - offset)), works=works & COURSES)
    rest = limit - len(items)
    return items + inbox_page(space, user, offset=max(0, offset - courses), limit=rest, works=works & ~COURSES)
