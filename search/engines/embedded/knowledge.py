"""What a process remembers of the file in use: what stays true while it is in use, or is looked up anew."""

from dataclasses import dataclass, field
from pathlib import Path

from search.engines.embedded.combos import Combos
from search.engines.embedded.common import Common
from search.engines.embedded.sheets import Sheets


@dataclass(frozen=True)
class Known:
    combos: Combos = field(default_factory=Combos)
    common: Common = field(default_factory=Common)
    sheets: Sheets = field(default_factory=Sheets)


class Knowledge:
    """What is known of the file in use; of another file nothing of it is true."""

    def __init__(self) -> None:
        self._of: tuple[Path | None, Known] = (None, Known())

    def of(self, file: Path) -> Known:
        last, known = self._of
        if last != file:
            known = Known()
            self._of = (file, known)
        return known
