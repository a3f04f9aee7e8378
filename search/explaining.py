"""Why a hit stands where it stands: the same question, of one work, space or person that may be seen."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cms.library.models import Work
from cms.people.models import User
from cms.people.queries import Anybody
from cms.spaces.models import Space
from search.documents import About, id_of, text_of
from search.engines import engine
from search.engines.base import Hit, WordShare
from search.finding import Chip, Read, asked_for, chosen_chips, known, order_of, read_chips, words_only
from search.highlight import stands
from search.query import MAX_PLAIN, Query
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
    """What there is to say of one hit; `hit` is None where the question does not find it.

    beside  it stands among what looser steps found, below a short answer
    """

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
    row: Work | Space | User,
    text: str,
    *,
    about: About = About.WORK,
    chosen: Mapping[str, Iterable[str]] | None = None,
    plain: Collection[str] = (),
    sort: str = "relevance",
) -> Explanation:
    """Everything about this row as a hit of the question. The caller has asked whether `user` may see it; what is
    counted is what this person may see.

    about   what the row is

    Raises  search.errors.SearchError when the index cannot answer
    """
    wanted, plain = known(chosen or {}, about), list(plain)[:MAX_PLAIN]
    plain = [*plain, *words_only(text, about, plain)]
    sort = order_of(user, text, about, sort, plain)
    asked = asked_for(user, wanted, about=about, sort=sort, only=id_of(about, row.pk))
    answer = ask(engine().search, text, lexicon(), asked, plain=plain)
    hit = next(iter((*answer.page.hits, *answer.more)), None)
    return Explanation(
        answer=answer,
        hit=hit,
        beside=not answer.page.hits and hit is not None,
        words=_words(row, hit, answer.query) if hit else [],
        chips=chosen_chips(wanted, answer.query),
        read=read_chips(wanted, answer),
    )


def _words(row: Work | Space | User, hit: Hit, query: Query) -> list[WordStands]:
    own = files = ""
    if isinstance(row, Work) and any(BODY in word.fields for word in hit.words):
        own, files = text_of(row)
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
