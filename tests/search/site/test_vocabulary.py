"""What values of a facet are called."""

import pytest
from django.core.cache import cache
from django.utils.translation import get_language, override

from cms.taxonomy.models import Grade, Stage
from search.documents import TYPES
from search.normalise import normalise
from search.vocabulary import labels, lexicon, renew, told_apart
from tests import factories

pytestmark = pytest.mark.django_db


def test_grades_that_are_called_alike_are_told_apart_where_they_stand_side_by_side() -> None:
    place = factories.province()
    other = Stage.objects.create(name="小学（五•四学制）", code="primary-54", order=9)
    twin = Grade.objects.create(stage=other, name=place.grade.name, order=3)
    alone = Grade.objects.create(stage=other, name="四年级", order=4)
    one, two, three = (str(grade.pk) for grade in (place.grade, twin, alone))

    both = told_apart("grade", [one, two, three])
    assert [both[value] for value in (one, two, three)] == [
        f"三年级 · {place.stage.name}",
        "三年级 · 小学（五•四学制）",
        "四年级",
    ]
    third = Stage.objects.create(name="九年一贯", code="nine-year", order=10)
    new = str(Grade.objects.create(stage=third, name=place.grade.name, order=5).pk)
    cache.delete(f"search:labels:taxonomy.grade:name:{get_language()}")  # kept since before what is known of stages
    meanwhile = told_apart("grade", [one, new])
    assert (meanwhile[one], meanwhile[new]) == (both[one], "三年级")
    assert told_apart("grade", [two, three])[two] == labels("grade", [two])[two] == "三年级"
    assert told_apart("kind", ["resource"]) == labels("kind", ["resource"])


@pytest.mark.parametrize("reading", ["zh-hans", "en"])
def test_what_filters_are_called_is_read_in_both_languages_whoever_asks_first(reading: str) -> None:
    factories.province()
    renew()
    with override(reading):
        known = lexicon().entries
    for language in ("zh-hans", "en"):
        with override(language):
            called = {value: normalise(str(label)) for value, label in TYPES.items()}
        assert {value: known[name].values for value, name in called.items()} == {value: (value,) for value in called}
