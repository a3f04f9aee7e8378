"""In which order conditions are given up: what matters least first. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from search.understanding.chips import Chip
from search.understanding.lexicon import Lexicon
from search.understanding.volumes import ELECTIVE, REQUIRED

MAIN = frozenset({"stage", "subject", "grade"})  # given up last
ORIGIN = frozenset({"year", "organisation"})  # when and where: given up first
FIVE_FOUR, PRESCHOOL, JUNIOR, SENIOR = "-54", "preschool", "junior", "senior"
SCIENCE, SCIENCES = "科学", ("物理", "化学", "生物学")

Chips = tuple[Chip, ...]


def main_of(chips: Sequence[Chip]) -> Chips:
    """The conditions that matter most."""
    return tuple(chip for chip in chips if chip.facet in MAIN)


def fewer(chips: Sequence[Chip], lexicon: Lexicon) -> list[Chips]:
    """Looser and looser conditions: with 科学 beside the sciences of junior school; without when and where; those that
    matter most; the same years in ordinary schools where 五四学制 was asked for; the stage in place of its grade; at
    last the subject, or in kindergarten, where nobody teaches by subjects, the stage. Of a volume that senior school
    alone has, its stage is left. None is empty, none is there twice."""
    wider = _with_science(chips, lexicon)
    whatever = tuple(chip for chip in wider if chip.facet not in ORIGIN)
    main = (*main_of(wider), *_told_by_volume(chips, lexicon))
    ordinary = tuple(_ordinary(chip, lexicon) for chip in main)
    staged = tuple(_staged(chip, lexicon) for chip in ordinary)
    if is_nursery(main, lexicon):
        least = [_without_subject(main), _without_subject(staged)]
    else:
        least = [staged, tuple(chip for chip in chips if chip.facet == "subject")]
    first = [wider] if wider != tuple(chips) else []
    first += [whatever] if len(whatever) < len(chips) else []
    return [some for some in dict.fromkeys([*first, main, ordinary, *least]) if some]


def _with_science(chips: Sequence[Chip], lexicon: Lexicon) -> Chips:
    """Junior schools of some provinces teach 科学 in place of 物理, 化学 and 生物学: what one is asked for, the other
    has."""
    if not any(_is_junior(chip, lexicon) for chip in chips):
        return tuple(chips)
    science, sciences = _subject(SCIENCE, lexicon), [id_ for name in SCIENCES for id_ in _subject(name, lexicon)]
    return tuple(_wider(chip, science, sciences) if chip.facet == "subject" else chip for chip in chips)


def _wider(chip: Chip, science: Sequence[str], sciences: Sequence[str]) -> Chip:
    asked = set(chip.values)
    more = (*(science if asked & set(sciences) else ()), *(sciences if asked & set(science) else ()))
    return replace(chip, values=tuple(dict.fromkeys([*chip.values, *more])))


def _subject(name: str, lexicon: Lexicon) -> Sequence[str]:
    meaning = lexicon.entries.get(name)
    return meaning.values if meaning is not None and meaning.facet == "subject" else ()


def _is_junior(chip: Chip, lexicon: Lexicon) -> bool:
    return {code.removesuffix(FIVE_FOUR) for code in _stages(chip, lexicon)} == {JUNIOR}


def _told_by_volume(chips: Sequence[Chip], lexicon: Lexicon) -> Chips:
    """必修一 says 高中, where neither stage nor grade was said."""
    if any(chip.facet in ("stage", "grade") for chip in chips):
        return ()
    senior = tuple(id_ for id_, code in lexicon.stages.items() if code == SENIOR)
    told = [chip for chip in chips if chip.facet == "volume" and _all_senior(chip)]
    return tuple(Chip("stage", senior, chip.text) for chip in told[:1] if senior)


def _all_senior(chip: Chip) -> bool:
    return all(value.startswith((REQUIRED, ELECTIVE)) for value in chip.values)


def is_nursery(chips: Chips, lexicon: Lexicon) -> bool:
    """Whether kindergarten was asked for: what is found elsewhere is for no child of that age."""
    return any(_stages(chip, lexicon) == {PRESCHOOL} for chip in chips)


def _without_subject(chips: Chips) -> Chips:
    return tuple(chip for chip in chips if chip.facet != "subject")


def _stages(chip: Chip, lexicon: Lexicon) -> set[str]:
    """Codes of the stages that a stage or a grade means."""
    ids = chip.values if chip.facet == "stage" else [lexicon.stage_of.get(value, "") for value in chip.values]
    return {lexicon.stages.get(id_, "") for id_ in ids} if chip.facet in ("stage", "grade") else set()


def _ordinary(chip: Chip, lexicon: Lexicon) -> Chip:
    """The same of schools that are not under 五四学制."""
    codes = _stages(chip, lexicon)
    if not codes or not all(code.endswith(FIVE_FOUR) for code in codes):
        return chip
    if chip.facet == "grade":
        years = {year for id_, has, _code in lexicon.grades.rows if id_ in chip.values for year in has}
        values = lexicon.grades.of(years)
    else:
        wanted = {code.removesuffix(FIVE_FOUR) for code in codes}
        values = tuple(id_ for id_, code in lexicon.stages.items() if code in wanted)
    return replace(chip, values=values) if values else chip


def _staged(chip: Chip, lexicon: Lexicon) -> Chip:
    """A grade as its stage."""
    if chip.facet != "grade":
        return chip
    stages = dict.fromkeys(lexicon.stage_of[value] for value in chip.values if value in lexicon.stage_of)
    return Chip("stage", tuple(stages), chip.text) if stages else chip
