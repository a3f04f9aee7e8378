"""The curriculum as plain rows, from which a lexicon is built. Ids are texts, as facet values are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StageRow:
    """`code` ends in `-54` under the five-four system."""

    id: str
    name: str
    code: str


@dataclass(frozen=True)
class GradeRow:
    id: str
    name: str
    stage: str


@dataclass(frozen=True)
class SubjectRow:
    id: str
    name: str


@dataclass(frozen=True)
class EditionRow:
    id: str
    name: str


@dataclass(frozen=True)
class Alias:
    """Editors' word: `text` means this value of this facet."""

    text: str
    facet: str
    value: str


@dataclass(frozen=True)
class CurriculumRows:
    """What the tables say.

    taught    pairs of subject id and edition id for which there is a textbook
    kinds     of work, as (value, label), for each language; likewise `types` of resource, `sectors` of schools and
              `tiers`; `libraries` as the table calls them
    topics    names of chapters and knowledge points, as they are written
    tags      words that authors put on works which everybody may see
    titles    of works that are live, whoever may see them: they only say what of a person's own words is a name
    open_titles  of works which everybody may see: what a person may mean by a sound
    volumes   keys of the volumes that textbooks have (`volumes.volume_key`)
    year      the current one, for 今年; 0 where nobody says which
    """

    stages: tuple[StageRow, ...] = ()
    grades: tuple[GradeRow, ...] = ()
    subjects: tuple[SubjectRow, ...] = ()
    editions: tuple[EditionRow, ...] = ()
    taught: frozenset[tuple[str, str]] = frozenset()
    libraries: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    sectors: tuple[tuple[str, str], ...] = ()
    tiers: tuple[tuple[str, str], ...] = ()
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    open_titles: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    year: int = 0
