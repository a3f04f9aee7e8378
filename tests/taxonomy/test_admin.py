"""The tables of the curriculum in the admin: for the province's administrators, and nothing is ever deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from cms.taxonomy.models import Library, Subject
from cms.taxonomy.wagtail_hooks import TermGroup
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return [f"terms-{viewset.model._meta.model_name}" for viewset in TermGroup.items]


def test_terms_are_listed_for_the_province_and_for_nobody_else(place: Province, governor: Client) -> None:
    others = [
        signed_in(person)
        for person in (
            factories.teacher(place),
            factories.person("administrator", place.school),
            factories.person("administrator", place.city),
        )
    ]
    for name in names():
        assert governor.get(reverse(f"{name}:index")).status_code == 200, name
        for other in others:
            assert other.get(reverse(f"{name}:index")).status_code == 302, name


def test_terms_are_added_and_retired(place: Province, governor: Client) -> None:
    governor.post(reverse("terms-library:add"), {"name": "案例库", "code": "cases"})
    library = Library.objects.get(code="cases")
    edit = reverse("terms-library:edit", args=(library.pk,))
    assert governor.get(edit).status_code == 200
    governor.post(edit, {"name": "案例库", "code": "cases", "retired": "on"})
    library.refresh_from_db()
    assert library.retired
    teacher = signed_in(factories.teacher(place))
    teacher.post(edit, {"name": "改名", "code": "cases"})
    library.refresh_from_db()
    assert library.name == "案例库"


def test_terms_are_ordered(place: Province, governor: Client) -> None:
    address = reverse("terms-subject:reorder", args=(place.other_subject.pk,))
    assert governor.post(f"{address}?position=0").status_code == 200
    assert list(Subject.objects.values_list("name", flat=True)) == ["语文", "数学"]


def test_terms_are_never_deleted(place: Province) -> None:
    superuser = factories.person("operator", place.province)
    superuser.is_superuser = True
    superuser.save()
    client = signed_in(superuser)
    for viewset in TermGroup.items:
        row = viewset.model.objects.first()
        if row is None:
            continue
        name = viewset.model._meta.model_name
        for route in ("delete", "copy"):
            assert client.post(f"/admin/terms-{name}/{route}/{row.pk}/").status_code == 404
        assert viewset.model.objects.filter(pk=row.pk).exists()
