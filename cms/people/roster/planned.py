"""A row of a roster with what its cells mean, and the plan that an import would carry out."""

from dataclasses import dataclass, field
from enum import StrEnum

from cms.organisations.models import Department, Organisation
from cms.people.enums import Relation, Role
from cms.people.models import User
from cms.people.roster.columns import Column
from cms.people.roster.directory import Directory
from cms.people.roster.reading import Flaw, Row
from cms.taxonomy.models import Grade, Stage, Subject


class Outcome(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass
class Planned:
    """A row with what its cells mean. `person` is None for somebody new; `outside` when the person is not in care."""

    row: Row
    problems: list[Flaw]
    person: User | None = None
    outside: bool = False
    organisation: Organisation | None = None
    department: Department | None = None
    roles: list[Role] = field(default_factory=list)
    stage: Stage | None = None
    subject: Subject | None = None
    grades: list[Grade] = field(default_factory=list)
    guardians: list[tuple[str, Relation | None]] = field(default_factory=list)  # login key, relation where given
    changes: list[str] = field(default_factory=list)
    outcome: Outcome = Outcome.WRONG

    @property
    def login(self) -> str:
        return self.row.text(Column.LOGIN)

    @property
    def name(self) -> str:
        return self.row.text(Column.NAME)

    @property
    def is_pupil(self) -> bool:
        return Role.PUPIL in self.roles

    def has_flaw(self, *columns: Column) -> bool:
        """Reading found something in one of these cells already: say nothing more about it."""
        return any(flaw.column in columns for flaw in self.row.flaws)

    def wrong(self, column: Column | str, sentence: str) -> None:
        self.problems.append(Flaw(str(column), sentence))


@dataclass(frozen=True)
class Plan:
    """Every row of the file and what would become of it."""

    rows: list[Planned]
    directory: Directory

    def count(self, outcome: Outcome) -> int:
        return sum(planned.outcome == outcome for planned in self.rows)

    def of(self, *outcomes: Outcome) -> list[Planned]:
        return [planned for planned in self.rows if planned.outcome in outcomes]
