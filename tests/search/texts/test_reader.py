"""Words out of real files, and nothing but an answer out of bad ones."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement

from search.texts import reader, reading
from search.texts.enums import TextState

MEDIA = Path("fixtures/media/files")
WORD = reader.OFFICE + "wordprocessingml.document"
SLIDES = reader.OFFICE + "presentationml.presentation"
SHEET = reader.OFFICE + "spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("name", "media_type", "words"),
    [
        ("design-kingfisher.docx", WORD, "翠鸟"),
        ("slides-water-cycle.pptx", SLIDES, "水循环"),
        ("pretest-fractions.xlsx", SHEET, "分数"),
        ("exercise-analects.pdf", "application/pdf", "论语"),
        ("lesson-buoyancy-overflow.vtt", "text/vtt", "浮力"),
    ],
)
def test_words_stand_in_what_is_read(name: str, media_type: str, words: str) -> None:
    assert words in reader.read(media_type, str(MEDIA / name))


@pytest.mark.parametrize("name", ["design-kingfisher.docx", "slides-water-cycle.pptx", "pretest-fractions.xlsx"])
def test_files_are_read_by_what_they_hold_and_not_by_their_names(name: str, tmp_path: Path) -> None:
    """The worker reads a copy without an ending."""
    types = {"docx": WORD, "pptx": SLIDES, "xlsx": SHEET}
    copy = tmp_path / "gongjian-text-1"
    copy.write_bytes((MEDIA / name).read_bytes())
    done = run(types[name.rpartition(".")[2]], copy)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip()


def test_text_of_chinese_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "教案.txt"
    path.write_bytes("认识几分之一\n折一折".encode("gb18030"))
    assert reader.read("text/plain", str(path)) == "认识几分之一 折一折"


def test_no_more_than_the_most_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    for begins in ("", "a", "ab"):  # wherever in a character the last byte that is read falls
        path.write_text(begins + "分数 " * reader.MOST, encoding="utf-8")
        text = reader.read("text/plain", str(path))
        assert (len(text), set(text)) == (reader.MOST, {*begins, *"分数 "})
    path.write_bytes(("分数 " * reader.MOST).encode("gb18030"))
    assert set(reader.read("text/plain", str(path))) == set("分数 ")


def run(media_type: str, path: Path) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "search.texts.reader", media_type, str(path)]
    return subprocess.run(command, capture_output=True, timeout=100, check=False)


def test_file_is_read_another_time_where_the_reader_is_stopped_with_its_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is stopped takes the processes of its group along, a machine without memory kills any of them; a
    file that takes too long ends its reader by a signal of its own."""
    path = tmp_path / "words.txt"
    path.write_text("分数", encoding="utf-8")
    program = tmp_path / "python"
    for sign, stopped in (("TERM", True), ("KILL", True), ("XCPU", False), ("SEGV", False)):
        program.write_text(f"#!/bin/sh\nkill -{sign} $$\n")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
        if stopped:
            with pytest.raises(OSError, match="stopped"):
                reading._read("text/plain", str(path))
        else:
            assert reading._read("text/plain", str(path)).state == TextState.UNREADABLE


def test_file_is_read_another_time_where_the_machine_had_no_time_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexec sleep 20\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(reading, "LONGEST", 0.2)
    with pytest.raises(OSError, match="processor"):
        reading._read("text/plain", str(tmp_path))


def test_reason_that_a_parser_gives_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsers quote what they did not like, and NUL stands in no database."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nprintf 'ValueError: a\\000b' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    assert reading._read("text/plain", str(tmp_path)) == reading.Reading(
        TextState.UNREADABLE, reason="ValueError: a\ufffdb"
    )


def test_words_read_before_a_file_took_too_long_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader runs as always, but for a document of which each page costs more than all the time there is."""
    path = tmp_path / "endless"
    path.write_text("")
    program = tmp_path / "python"
    program.write_text(
        f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(Path.cwd())!r})
from search.texts import reader

def endless(path):
    yield "认识几分之一"
    while True:
        pass

reader.SECONDS = 1
reader.READERS["text/plain"] = endless
sys.exit(reader.main(*sys.argv[3:]))
"""
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    assert reading._read("text/plain", str(path)) == reading.Reading(TextState.READ, "认识几分之一")


def test_one_odd_row_or_header_takes_no_words_from_the_rest(tmp_path: Path) -> None:
    """A cell that goes on from a row that is not there, and a header whose part is gone: Word opens both."""
    made = Document()
    made.add_paragraph("浮力实验")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "甲", "阿基米德"
    table.cell(0, 0)._tc.get_or_add_tcPr().append(OxmlElement("w:vMerge"))
    made.add_paragraph("后面的话")
    made.sections[0].header.paragraphs[0].text = "页眉"
    made.sections[0].footer.paragraphs[0].text = "页脚"
    whole, path = tmp_path / "whole.docx", tmp_path / "odd.docx"
    made.save(str(whole))
    with zipfile.ZipFile(whole) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            held = good.read(name)
            if name == "word/_rels/document.xml.rels":
                held = re.sub(rb"<Relationship [^>]*/header[^>]*/>", b"", held)
            bad.writestr(name, held)
    assert reading._read(WORD, str(path)) == reading.Reading(
        TextState.READ, "\n".join(["浮力实验", "阿基米德", "后面的话", "页脚"])
    )


def test_one_odd_part_takes_no_words_from_the_rest() -> None:
    def words(place: int) -> str:
        if place == 1:
            raise ValueError("odd")
        return str(place)

    assert list(reader._each(range(3), words)) == ["0", "2"]


def test_words_printed_before_the_reader_broke_down_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(program))
    for end in ("kill -SEGV $$", "kill -ABRT $$", "exit 3"):
        program.write_text(f"#!/bin/sh\nprintf 分数\n{end}\n")
        program.chmod(0o755)
        assert reading._read("text/plain", str(tmp_path)) == reading.Reading(TextState.READ, "分数")


def test_damaged_file_ends_the_reader_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "damaged.docx"
    path.write_bytes((MEDIA / "design-kingfisher.docx").read_bytes()[:3000])
    done = run(WORD, path)
    assert done.returncode == 3
    assert done.stderr
    assert not done.stdout


@pytest.mark.slow
def test_file_that_unpacks_to_gigabytes_ends_only_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with (
        zipfile.ZipFile(MEDIA / "design-kingfisher.docx") as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            if name != "word/document.xml":
                bad.writestr(name, good.read(name))
        with bad.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(2_000):
                part.write(b" " * 1024**2)
    done = run(WORD, path)
    assert done.returncode != 0
    assert not done.stdout
