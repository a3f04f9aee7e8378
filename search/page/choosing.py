"""Addresses of one choice more or less. What was read out of the words is chosen too, until it is taken away: a value
beside it widens, and what is then left of it is chosen by hand."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from search.normalise import normalise
from search.page.addresses import CONDITIONS, PLAIN, TEXT, again
from search.understanding.asking import Answer
from search.understanding.chips import understand
from search.vocabulary import lexicon


def chosen_so(asked: QueryDict, changed: Mapping[str, Sequence[str]], answer: Answer) -> str:
    """The same question with these values of these facets, and of the others as before.

    Where nothing of a facet is left, what was read as one of its values becomes words; what else the same text was read
    as (the grade of 三上) is chosen by hand then, so that it goes on.
    """
    read = answer.understood.chips
    away = dict.fromkeys(chip.text for chip in read if chip.facet in changed and not changed[chip.facet])
    if not away:
        return again(asked, **changed)
    other = {PLAIN: [*dict.fromkeys((*asked.getlist(PLAIN), *away))]}
    for chip in read:
        if chip.text in away and chip.facet not in changed and chip.facet not in asked:
            held = set(answer.query.filters.get(chip.facet, ()))
            other.setdefault(chip.facet, []).extend(value for value in chip.values if value in held)
    return again(asked, **{**other, **changed})


def cleared(asked: QueryDict, answer: Answer) -> str:
    """The words alone, in the same order of results: no condition chosen by hand, and the words no more than what was
    not read as one."""
    understood = answer.understood
    rest = " ".join(understood.rest.split())
    for said in understood.others:
        rest = rest.replace(f'"{said}"', said)  # held together for the engine; nobody typed the marks
    plain = [text for text in asked.getlist(PLAIN) if normalise(text).strip() in rest]
    plain += [chip.text for chip in understand(rest, lexicon(), plain=plain).chips]  # 艺术 alone would be a subject
    nothing = dict.fromkeys(CONDITIONS & set(asked), ())
    return again(asked, **{**nothing, TEXT: [rest] if rest else [], PLAIN: plain})
