"""What else fits a lesson: live works for the same place in the curriculum, nearest first."""

from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from cms.library import rules
from cms.library.cards import Card, card_of
from cms.library.models import Work
from cms.library.queries import for_cards
from cms.people.queries import Anybody

MOST = 4


def fitting(work: Work, user: Anybody) -> list[Card]:
    """At most four cards of what `user` may see, in one query: of the chapter, of the textbook, of the grade's subject,
    of the stage's subject. Without seals and adoptions, which would cost a query each."""
    steps = _steps(work)
    if not steps:
        return []
    anywhere = Q()
    for _reason, near in steps:
        anywhere |= near
    ranks = [When(near, then=Value(rank)) for rank, (_reason, near) in enumerate(steps)]
    found: Any = for_cards(Work.objects.filter(rules.as_q(user, "view"), anywhere).exclude(pk=work.pk))
    nearest = found.annotate(rank=Case(*ranks, default=Value(len(steps)), output_field=IntegerField()))
    rows = nearest.order_by("rank", "-last_published_at", "-pk")[:MOST]
    return [{**card_of(row), "why": steps[row.rank][0]} for row in rows]


def _steps(work: Work) -> list[tuple[str, Q]]:
    """Reason and condition, from near to far; what the work does not say of itself is no step."""
    steps = []
    if work.chapter_id:
        steps.append((_("同一章节"), Q(chapter=work.chapter_id)))
    if work.textbook_id:
        steps.append((_("同一册教材"), Q(textbook=work.textbook_id)))
    if work.subject_id and work.stage_id:
        subject = Q(subject=work.subject_id, stage=work.stage_id)
        if work.grade_id:
            steps.append((_("同年级同学科"), subject & Q(grade=work.grade_id)))
        steps.append((_("同学段同学科"), subject))
    return steps
