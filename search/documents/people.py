"""People who agreed to be found by colleagues, as documents: name, where they work, what they teach, how they present
themselves. No role, for who judges works is not told; no login name, mail or number."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from cms.organisations.models import Organisation
from cms.people.models import Membership, User
from cms.people.queries import current, findable, workplace
from cms.spaces.enums import SpaceKind
from cms.spaces.models import Space
from search.documents.abouts import ABOUT, About
from search.engines.base import Document
from search.normalise import normalise
from search.permission import COLLEAGUES
from search.understanding.sounds import letters_of

PREFIX = "person:"


def live() -> "QuerySet[User]":
    """The people who belong in the index."""
    return User.objects.filter(findable())


def with_what_is_told(people: "QuerySet[User]") -> "QuerySet[User]":
    """The rows with all that document and card say, in four queries however many."""
    roles = Membership.objects.filter(current()).select_related("organisation").order_by("pk")
    own = Space.objects.filter(kind=SpaceKind.PERSONAL, is_private=False)
    return people.select_related("teaching_profile__stage", "teaching_profile__subject").prefetch_related(
        "teaching_profile__grades",
        Prefetch("memberships", queryset=roles, to_attr="current_roles"),
        Prefetch("spaces", queryset=own, to_attr="open_spaces"),
    )


def place_of(person: User) -> Organisation | None:
    """Where the person works, of a row that came through `with_what_is_told`."""
    return workplace(getattr(person, "current_roles", ()))


def space_of(person: User) -> Space | None:
    """The person's own space, when it is not private; of a row that came through `with_what_is_told`."""
    spaces: list[Space] = getattr(person, "open_spaces", [])
    return spaces[0] if spaces else None


def documents_of(people: "QuerySet[User]", version: int) -> list[Document]:
    """Documents of a batch, in a fixed number of queries."""
    return [_document(person, version) for person in with_what_is_told(people)]


def _document(person: User, version: int) -> Document:
    facets, keywords = {ABOUT: [About.PERSON.value]}, list(_spelt(person.name))
    place, space = place_of(person), space_of(person)
    if place is not None:
        facets["organisation"], facets["place"] = [str(place.pk)], place.ancestor_paths
        keywords.append(place.name)
    taught = getattr(person, "teaching_profile", None)
    if taught is not None:
        rows = {"stage": [taught.stage], "subject": [taught.subject], "grade": list(taught.grades.all())}
        for name, some in rows.items():
            facets[name] = [str(row.pk) for row in some if row is not None]
            keywords += [row.name for row in some if row is not None]
    return Document(
        id=f"{PREFIX}{person.pk}",
        version=version,
        title=person.name,
        keywords=" ".join(keywords),
        summary=space.introduction if space is not None else "",
        facets=facets,
        acl=[COLLEAGUES],
    )


def _spelt(name: str) -> Iterable[str]:
    """The name in pinyin, whole and by initials, for who types it so."""
    return letters_of(normalise(name).strip())
