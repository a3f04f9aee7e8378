"""A subtree is one range of paths, whatever the collation of the database."""

import pytest
from django.db import connection

from cms.organisations.actions import add_organisation
from cms.organisations.models import Organisation
from cms.organisations.queries import ALPHABET, within
from tests.factories import Province

LAST = ALPHABET[-1]


def bounds(path: str) -> dict[str, str]:
    """The range that `within` asks for, by its lookups."""
    found: dict[str, str] = {}

    def collect(node: object) -> None:
        for child in getattr(node, "children", ()):
            if isinstance(child, tuple) and child[0] != "pk__in":
                found[child[0]] = child[1]
            collect(child)

    collect(within([Organisation(path=path)]))
    return found


def rank(path: str) -> list[int]:
    """As every collation sorts a path: digits before capitals. Raises ValueError for any other sign."""
    return [ALPHABET.index(sign) for sign in path]


@pytest.mark.parametrize("ending", ALPHABET)
@pytest.mark.parametrize("above", ["", "0001", "000Z0ZZZ"])
def test_range_holds_all_below_and_nothing_beside(above: str, ending: str) -> None:
    path = f"{above}000{ending}"
    end = rank(bounds(path)["path__lt"])
    beside = f"{above}00{'10' if ending == LAST else '0' + ALPHABET[ALPHABET.index(ending) + 1]}"
    assert rank(path) < rank(path + "0001") < rank(path + LAST * 8) < end <= rank(beside)


def test_range_of_the_last_path_carries_into_the_step_above_or_has_no_end() -> None:
    assert bounds("0001" + LAST * 4) == {"path__gte": "0001" + LAST * 4, "path__lt": "0002"}
    assert bounds("000" + LAST)["path__lt"] == "001"
    assert bounds(LAST * 4) == {"path__gte": LAST * 4}


@pytest.mark.django_db
@pytest.mark.parametrize("collation", ["", "C", "und-x-icu", "zh-Hans-x-icu"])
def test_subtree_of_each_of_forty_siblings(request: pytest.FixtureRequest, collation: str) -> None:
    """On PostgreSQL with the collations that people have; empty: as the database was made."""
    if collation:
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL has collations")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_collation WHERE collname = %s", [collation])
            if cursor.fetchone() is None:
                pytest.skip("built without ICU")
            table = Organisation._meta.db_table
            cursor.execute(f'ALTER TABLE {table} ALTER COLUMN path TYPE varchar(255) COLLATE "{collation}"')
    place: Province = request.getfixturevalue("place")
    for number in range(40):
        code = f"3302{number:02d}"
        county = add_organisation(parent=place.city, tier="county", name=f"第{number}区", code=code)
        school = add_organisation(parent=county, tier="school", name=f"第{number}小学", code=f"{code}0001")
        assert set(Organisation.objects.filter(within([county]))) == {county, school}, county.path
    assert Organisation.objects.filter(within([place.nation])).count() == Organisation.objects.count()
