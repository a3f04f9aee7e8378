"""Who takes part in the story, each at a browser of their own."""

from collections.abc import Callable
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from cms.organisations.actions import add_organisation
from cms.organisations.models import Organisation
from cms.people.models import PupilProfile, TeachingProfile, User
from tests import factories
from tests.factories import Province


class SeatOf(Protocol):
    """A browser that knows who sits at it."""

    user: User | None


Seat = TypeVar("Seat", bound=SeatOf)
"""`visiting.Visitor`, or a window of a real browser."""


class Cast(Generic[Seat]):
    """The people of one province. Each is seated when first needed: `seat` signs the person in, or nobody for None."""

    def __init__(self, seat: Callable[[User | None], Seat], place: Province | None = None) -> None:
        self.seat = seat
        self.place = place or factories.province()

    @cached_property
    def author(self) -> Seat:
        """王老师 teaches maths in the third year."""
        return self.seat(self._teacher("王书宁"))

    @cached_property
    def neighbour(self) -> Seat:
        """李老师 teaches the same at another school of the same county."""
        school = add_organisation(
            parent=self.place.county, tier="school", name="西湖区学军小学", code="3301060002", sector="basic",
            school_type="primary-6",
        )  # fmt: skip
        return self.seat(self._teacher("李若溪", school))

    @cached_property
    def faraway(self) -> Seat:
        """陈老师 teaches the same in the next county."""
        return self.seat(self._teacher("陈启明", self.place.other_school))

    @cached_property
    def other_subject(self) -> Seat:
        """赵老师 teaches Chinese at the author's school."""
        user = factories.person("teacher", self.place.school, name="赵语桐")
        profile = TeachingProfile.objects.create(
            user=user, stage=self.place.stage, subject=self.place.other_subject, edition=self.place.edition
        )
        profile.grades.add(self.place.grade)
        return self.seat(user)

    @cached_property
    def reviewer(self) -> Seat:
        return self.seat(factories.person("school_reviewer", self.place.school, name="周明远"))

    @cached_property
    def other_reviewer(self) -> Seat:
        return self.seat(factories.person("school_reviewer", self.place.other_school, name="吴佳"))

    @cached_property
    def manager(self) -> Seat:
        return self.seat(factories.person("review_manager", self.place.county, name="郑海燕"))

    @cached_property
    def experts(self) -> list[Seat]:
        return [self.seat(self._named(factories.expert(self.place), name)) for name in ("钱学礼", "孙慧")]

    @cached_property
    def publisher(self) -> Seat:
        return self.seat(factories.person("publisher", self.place.county, name="冯立"))

    @cached_property
    def pupil(self) -> Seat:
        return self.seat(self._pupil("王小满"))

    @cached_property
    def parent(self) -> Seat:
        """The guardian of `pupil`, and of nobody else."""
        assert self.pupil.user is not None
        return self.seat(self._named(factories.parent(self.place, self.pupil.user), "王爸爸"))

    @cached_property
    def other_pupil(self) -> Seat:
        return self.seat(self._pupil("林可"))

    @cached_property
    def visitor(self) -> Seat:
        """Nobody: not signed in."""
        return self.seat(None)

    def _teacher(self, name: str, organisation: Organisation | None = None) -> User:
        return self._named(factories.teacher(self.place, organisation), name)

    def _pupil(self, name: str) -> User:
        user = self._named(factories.pupil(self.place), name)
        PupilProfile.objects.create(user=user, grade=self.place.grade, class_name="三（2）班")
        return user

    @staticmethod
    def _named(user: User, name: str) -> User:
        user.name = name
        user.save(update_fields=["name"])
        return user
