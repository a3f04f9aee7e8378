"""Circle: everybody at or below an organisation, or any visitor where it is empty; once for each work."""

from django.db.models import BaseConstraint, Q, UniqueConstraint


def once_per_circle(name: str) -> list[BaseConstraint]:
    """For a model with `work` and a nullable `organisation`. Two, because SQLite has no "nulls not distinct"."""
    return [
        UniqueConstraint(
            fields=["work", "organisation"],
            name=f"{name}_once_per_organisation",
            condition=Q(organisation__isnull=False),
        ),
        UniqueConstraint(fields=["work"], name=f"{name}_once_for_visitors", condition=Q(organisation__isnull=True)),
    ]
