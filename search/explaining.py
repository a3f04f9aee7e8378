"""Why a hit stands where it stands: the same question, of one work the person may see."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cms.library.models import Work
from cms.people.queries import Anybody
from search.documents import text_of
from search.engines import engine
from search.engines.base import Hit, WordShare
from search.finding import Chip, Read, asked_for, chosen_chips, known, read_chips
from search.highlight import stands
from search.query import Query
from search.ranking import ADOPTIONS, BODY, BY_NAME, WORDS
from search.understanding.asking import Answer
from search.understanding.asking import answer as ask
from search.vocabulary import lexicon

FILES = "files"
"""A field of its own for people: in the index the words of files stand in the body."""


@dataclass(frozen=True)
class WordStands:
    """One word of the question: its share of what the words count, 0 to 1, and where it stands."""

    word: str
    points: float
    share: float
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """What there is to say of one hit; `hit` is None where the question does not find the work.

    beside  it stands among what looser steps found, below a short answer
    """

    work: Work
    answer: Answer
    hit: Hit | None
    beside: bool
    words: list[WordStands]
    chips: list[Chip]
    read: Read

    @property
    def query(self) -> Query:
        return self.answer.query

    @property
    def adoptions(self) -> int:
        """Spaces that use it, as the index knows it: the factor read backwards."""
        factor = self.hit.parts[ADOPTIONS] if self.hit else 1.0
        return round(math.expm1((factor - 1) / BY_NAME[ADOPTIONS].weight))


def explain(
    user: Anybody,
    work: Work,
    text: str,
    *,
    chosen: Mapping[str, Iterable[str]] | None = None,
    plain: Collection[str] = (),
    sort: str = "relevance",
) -> Explanation:
    """Everything about this work as a hit of the question. The caller has asked whether `user` may see the work; what
    is counted is what this person may see.

    Raises  search.errors.SearchError when the index cannot answer
    """
    wanted = known(chosen or {})
    answer = ask(engine().search, text, lexicon(), asked_for(user, wanted, sort=sort, only=str(work.pk)), plain=plain)
    hit = next(iter((*answer.page.hits, *answer.more)), None)
    return Explanation(
        work=work,
        answer=answer,
        hit=hit,
        beside=not answer.page.hits and hit is not None,
        words=_words(work, hit, answer.query) if hit else [],
        chips=chosen_chips(wanted, answer.query),
        read=read_chips(wanted, answer),
    )


def _words(work: Work, hit: Hit, query: Query) -> list[WordStands]:
    own, files = text_of(work) if any(BODY in word.fields for word in hit.words) else ("", "")
    every = hit.parts[WORDS]
    return [
        WordStands(
            word=word.word,
            points=word.share,
            share=word.share / every if every else 0.0,
            fields=_fields(word, own, files, query),
        )
        for word in hit.words
    ]


def _fields(word: WordShare, own: str, files: str, query: Query) -> tuple[str, ...]:
    """The fields, the body told apart from the files; what the database does not know any more stays the body."""
    if BODY not in word.fields:
        return word.fields
    spellings = (word.word, *query.others.get(word.word, ()))
    in_files = stands(files, spellings)
    body = (BODY,) if stands(own, spellings) or not in_files else ()
    return (*(name for name in word.fields if name != BODY), *body, *((FILES,) if in_files else ()))
