"""What a row that is about to be written changes."""

from django.db.models import Model


def differs(row: Model, *fields: str) -> bool:
    """Whether one of `fields` is another than in the database. One query; False of a row that is not there yet."""
    if row.pk is None:
        return False
    stored = type(row)._base_manager.filter(pk=row.pk).values_list(*fields).first()
    return stored is not None and stored != tuple(getattr(row, field) for field in fields)
