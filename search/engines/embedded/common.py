"""Words that more than half of the documents hold: they rank nothing, and ranking by them takes longest.

BM25 counts such a word as a millionth of one that tells documents apart, after going through all that hold it.
"""

import sqlite3
from collections.abc import Sequence

LEAST = 20_000  # documents, below which nothing is worth saving
KEPT = 2_000  # words remembered


class Common:
    """Which words of one file are common, as far as they were asked for; looked up anew when the file has grown."""

    def __init__(self) -> None:
        self._of: tuple[int, dict[str, bool]] = (0, {})

    def telling(self, connection: sqlite3.Connection, words: Sequence[str], documents: int) -> Sequence[str]:
        """Those of the words, given as expressions, that are not common; all of them where none is left."""
        if documents < LEAST or len(words) < 2:
            return words
        size, known = self._of
        if size != documents or len(known) > KEPT:
            known = {}
            self._of = (documents, known)
        for word in words:
            if word not in known:
                known[word] = _hold(connection, word, documents // 2)
        return [word for word in words if not known[word]] or words


def _hold(connection: sqlite3.Connection, expression: str, half: int) -> bool:
    """Whether more than `half` of the documents hold the words."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return bool(connection.execute(sql, (expression, half + 1)).fetchone()[0] > half)
