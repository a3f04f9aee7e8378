"""The writers of the texts room."""

from collections.abc import Iterable

from cms.library.models import StoredFile
from cms.outbox import actions as outbox
from search.texts.models import EDITION, FileText
from search.texts.queries import unread
from search.texts.reading import Reading

TOPIC = "search.text"


def owe_texts(work_ids: Iterable[int]) -> int:
    """Every readable file of these works' live versions is read or owed; how many are owed. In a transaction."""
    files = unread(work_ids)
    if files:
        outbox.add_each(TOPIC, [file.pk for file in files])
    return len(files)


def keep_text(file: StoredFile, reading: Reading) -> FileText:
    """The text of this content is what was read, and no older one."""
    row, _made = FileText.objects.update_or_create(
        sha256=file.sha256,
        defaults={"state": reading.state, "text": reading.text, "reason": reading.reason[:300], "edition": EDITION},
    )
    return row
