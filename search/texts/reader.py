"""`python -m search.texts.reader TYPE PATH`: the words of one file on standard output, then gone.

Runs alone in a process with limits, for what it opens was made by strangers: a document that unpacks to gigabytes or
sends a parser round in circles ends this process and nothing else. Imports nothing of ours, so that it starts quickly.
Exit codes: 0 read (perhaps nothing), 3 the file is damaged or protected; SIGXCPU ends it when the file takes too long.
However it ends, what was read until then is on standard output. Killed outright, it was the machine.
"""

import codecs
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

MOST = 60_000  # characters of one file
MEMORY = 1_500 * 1024**2  # bytes of address space
SECONDS = 40  # of processor time
GRACE = 5  # more of it before the end by force, which a machine that runs out of memory brings too
OFFICE = "application/vnd.openxmlformats-officedocument."

T = TypeVar("T")

odd: list[Exception] = []
"""What was raised by parts that could not be read, while others could."""


def document(path: str) -> Iterator[str]:
    """Paragraphs and tables of a .docx in their order, then headers and footers."""
    from docx import Document

    found = Document(path)
    for block in found.iter_inner_content():
        if hasattr(block, "rows"):
            yield from _each(block.rows, _row)
        else:
            yield block.text
    for section in found.sections:
        yield from _each(("header", "footer"), lambda name: _paragraphs(getattr(section, name)))  # noqa: B023  at once


def _row(row: object) -> str:
    return " ".join(cell.text for cell in row.cells)  # type: ignore[attr-defined]


def _paragraphs(part: object) -> str:
    return "\n".join(paragraph.text for paragraph in part.paragraphs)  # type: ignore[attr-defined]


def _each(parts: Iterable[T], words: Callable[[T], str]) -> Iterator[str]:
    """The words of each part; an odd one takes none from the others."""
    for part in parts:
        try:
            yield words(part)
        except MemoryError:  # the next would not have more
            raise
        except Exception as error:
            odd.append(error)


def slides(path: str) -> Iterator[str]:
    """What stands on the slides of a .pptx, then the speaker's notes of each."""
    from pptx import Presentation

    for slide in Presentation(path).slides:
        yield from _each(slide.shapes, _shape)
        yield from _each((slide,), _notes)


def _shape(shape: object) -> str:
    if hasattr(shape, "shapes"):  # a group
        return "\n".join(_each(shape.shapes, _shape))
    if getattr(shape, "has_text_frame", False):
        return str(shape.text_frame.text)  # type: ignore[attr-defined]
    if getattr(shape, "has_table", False):
        return "\n".join(_each(shape.table.rows, _row))  # type: ignore[attr-defined]
    return ""


def _notes(slide: object) -> str:
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None  # type: ignore[attr-defined]
    return str(notes.text) if notes is not None else ""


def sheets(path: str) -> Iterator[str]:
    """Names of the sheets of an .xlsx and the words in their cells; bare numbers are nobody's search."""
    from openpyxl import load_workbook

    with open(path, "rb") as stream:  # noqa: PTH123  as below; by its name only a file that is called .xlsx is read
        book = load_workbook(stream, read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield sheet.title
            for row in sheet.iter_rows(values_only=True):
                yield " ".join(value for value in row if isinstance(value, str))


def pages(path: str) -> Iterator[str]:
    """The text of a PDF, page by page; a scan has none."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as found:
        yield from _each(range(len(found)), lambda place: found[place].get_textpage().get_text_bounded())


def captions(path: str) -> Iterator[str]:
    """What is said in a video."""
    import webvtt

    yield from (caption.text for caption in webvtt.read(path).captions)


def plain(path: str) -> Iterator[str]:
    """A text in UTF-8, or in the encoding that Chinese Windows writes."""
    with open(path, "rb") as stream:  # noqa: PTH123  pathlib is slower to load than all the rest here
        raw = stream.read(MOST * 4)
    decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
    try:
        yield decoder.decode(raw, final=len(raw) < MOST * 4)  # a long text may be cut within a character
    except UnicodeDecodeError:
        yield raw.decode("gb18030", errors="replace")


READERS: dict[str, Callable[[str], Iterator[str]]] = {
    OFFICE + "wordprocessingml.document": document,
    OFFICE + "presentationml.presentation": slides,
    OFFICE + "spreadsheetml.sheet": sheets,
    "application/pdf": pages,
    "text/vtt": captions,
    "text/plain": plain,
}
"""Media type, as the library tells it by content -> how its words are read."""


def read(media_type: str, path: str) -> str:
    """The first MOST characters of the file's words, a block a line."""
    return "".join(lines(media_type, path))


def lines(media_type: str, path: str) -> Iterator[str]:
    """The same, a line at a time, each with what parts it from the one before."""
    length = 0
    for block in READERS[media_type](path):
        # NUL and lone surrogates, which a broken PDF gives, stand in no database.
        clean = " ".join(block.replace("\x00", " ").encode("utf-8", "ignore").decode().split())
        if clean:
            line = (f"\n{clean}" if length else clean)[: MOST - length]
            length += len(line)
            yield line
        if length >= MOST:
            return


def main(media_type: str, path: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + GRACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said = False
    try:
        for line in lines(media_type, path):
            sys.stdout.buffer.write(line.encode())
            sys.stdout.buffer.flush()  # what is read is read, whatever becomes of the rest
            said = True
        if odd and not said:
            raise odd[0]
    except Exception as error:  # parsers raise anything on a damaged file; the reason goes to the caller
        sys.stderr.write(f"{type(error).__name__}: {error}"[:300])
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
