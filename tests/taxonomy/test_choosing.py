"""The curriculum under its stages: what a form offers, in which order."""

from itertools import product
from typing import Any

import pytest
from django.core.cache import cache

from cms.library.models import Work
from cms.taxonomy import choosing
from cms.taxonomy.choosing import editions_by_stage, grades_by_stage, subjects_by_stage
from cms.taxonomy.models import Edition, Grade, Stage, Subject, Textbook
from tests import factories
from tests.browsing import signed_in
from tests.factories.province import Province

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    return factories.province()


@pytest.fixture
def vocational(place: Province) -> Stage:
    return Stage.objects.create(code="vocational", name="中职", sector="vocational", order=9)


def named(groups: choosing.Groups) -> dict[str, list[str]]:
    return {stage: [name for _pk, name in choices] for stage, choices in groups}


def test_subjects_and_grades_stand_under_each_of_their_stages(
    place: Province, vocational: Stage, django_assert_num_queries: Any
) -> None:
    nursing, loose, old = (Subject.objects.create(name=name, order=9) for name in ("护理", "书法", "珠算"))
    nursing.stages.add(vocational)
    place.subject.stages.add(vocational)
    Subject.objects.filter(pk=old.pk).update(retired=True)
    Grade.objects.create(stage=vocational, name="一年级", order=1)
    with django_assert_num_queries(2):
        assert named(subjects_by_stage()) == {"小学": ["数学", "语文"], "中职": ["数学", "护理"], "其他": ["书法"]}
        assert named(grades_by_stage()) == {"小学": ["三年级"], "中职": ["一年级"]}
    assert loose.pk


def test_editions_of_most_works_stand_first_and_the_rest_by_pinyin(
    place: Province, vocational: Stage, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(choosing, "COMMON", 2)
    editions = {name: Edition.objects.create(name=name) for name in ("浙教版", "苏教版", "冀教版", "北师大版", "校本")}
    for name, stage in product(("浙教版", "苏教版", "冀教版", "北师大版"), (place.stage, vocational)):
        for volume in ("上册", "下册"):
            Textbook.objects.create(
                stage=stage, subject=place.subject, edition=editions[name], volume=volume, title=name
            )
    for name in ("浙教版", "浙教版", "冀教版"):
        work = factories.published(place).work
        Work.objects.filter(pk=work.pk).update(edition=editions[name])
    cache.clear()
    editions_by_stage()
    with django_assert_num_queries(1):
        found = named(editions_by_stage())
    assert found == {
        "小学": ["浙教版", "冀教版", "北师大版", "人教版", "苏教版"],
        "中职": ["浙教版", "冀教版", "北师大版", "苏教版"],
        "其他": ["校本"],
    }


def test_forms_and_home_group_what_they_offer_and_choose_one_row_once(place: Province, vocational: Stage) -> None:
    place.subject.stages.add(vocational)
    client = signed_in(factories.person("teacher", place.school))
    for address in ("/", "/space/interests/"):
        page = client.get(address).content.decode()
        assert '<optgroup label="中职">' in page
        assert "js/stages" in page
    page = client.post("/space/interests/", {"look": "1", "subject": place.subject.pk}).content.decode()
    assert page.count(f'<option value="{place.subject.pk}" selected>') == 1
