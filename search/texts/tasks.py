"""What the worker does for this room: read a file, and say of which works the words are known now."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cms.library.models import StoredFile
from cms.outbox.handlers import Handler, register
from search.texts.actions import TOPIC, keep_text
from search.texts.enums import TextState
from search.texts.queries import is_read, works_with
from search.texts.reading import Reading, is_readable, read_file
from search.texts.signals import texts_read


def read(ref: str) -> Reading | None:
    """None when there is nothing to read: the file is gone, or was read meanwhile for another work."""
    file = StoredFile.objects.filter(pk=ref).first()
    if file is None or not is_readable(file) or is_read(file.sha256):
        return None
    return read_file(file)


def keep(ref: str, reading: Reading | None) -> None:
    file = StoredFile.objects.filter(pk=ref).first()
    if file is None or reading is None:
        return
    keep_text(file, reading)
    works = list(works_with(file.sha256).values_list("pk", flat=True))
    texts_read.send(StoredFile, works=works, words=reading.state is TextState.READ)


register(Handler(topic=TOPIC, label=_("读出文件里的文字"), work=read, finish=keep, longest=timedelta(minutes=5)))
