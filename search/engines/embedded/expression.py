"""From words to the full text's query language. Whatever was typed arrives here as tokens, never as operators."""

from collections.abc import Sequence

from search import analysis
from search.engines.embedded.schema import COLUMNS
from search.query import Ask, Step
from search.ranking import MAX_WHOLE


def quoted(phrase: analysis.Phrase) -> str:
    """A phrase of tokens, harmless: in the query language a doubled quotation mark is the only escape needed."""
    row = " ".join(phrase.tokens).replace('"', '""')
    return f'"{row}" *' if phrase.prefix else f'"{row}"'


def word(text: str, *, unfinished: bool = False) -> str:
    return quoted(analysis.phrase(text, unfinished=unfinished))


def within(columns: tuple[str, ...], expression: str) -> str:
    """The expression, asked of some columns only."""
    if not set(columns) <= set(COLUMNS):
        raise ValueError(columns)
    return f"{{{' '.join(columns)}}} : ({expression})"


def matching(ask: Ask) -> str:
    """The expression for the words of one step."""
    return (" AND " if ask.step is Step.ALL else " OR ").join(each(ask))


def any_spelling(ask: Ask, text: str) -> str:
    """The expression for one word of the step, in whichever spelling."""
    spellings = [word(spelling) for spelling in ask.spellings(text) if analysis.phrase(spelling).tokens]
    return spellings[0] if len(spellings) == 1 else f"({' OR '.join(spellings)})"


def each(ask: Ask) -> list[str]:
    """The expressions for the words of one step."""
    return [any_spelling(ask, text) for text in ask.words]


def ranking(ask: Ask, *, whole: str, words: Sequence[str] = ()) -> str:
    """The same documents, for ranking: a title that holds the whole question counts once more.

    words  those of `each` that are worth ranking by; with fewer of them more documents hold what is left
    """
    expression, title = " AND ".join(words) if words else matching(ask), entitled(ask, whole)
    return f"({expression}) OR {title}" if title else expression


def entitled(ask: Ask, whole: str) -> str:
    """The expression for a title that holds the whole question; empty where that counts nothing besides."""
    title = analysis.phrase(whole)
    if ask.step is Step.ALL and len(ask.words) > 1 and len(whole) <= MAX_WHOLE and title.tokens:
        return within(("title",), quoted(title))
    return ""


def enough(ask: Ask) -> tuple[str, list[str]]:
    """SQL with parameters: at least `ask.least` of the words are there. Empty when `matching` says as much."""
    if ask.step is Step.ALL or ask.least <= 1:
        return "", []
    every = " UNION ALL ".join(["SELECT rowid FROM words WHERE words MATCH ?"] * len(ask.words))
    # The plus: the words are gone through once, not looked up again for each row.
    sql = f" AND +words.rowid IN (SELECT rowid FROM ({every}) GROUP BY rowid HAVING count(*) >= {int(ask.least)})"
    return sql, each(ask)


def marks(count: int) -> str:
    """`?, ?, ?` for that many parameters."""
    return ", ".join("?" * count)
