"""Captions as browsers take them: WebVTT, from WebVTT or SRT. Pure: text in, text out, or a refusal."""

import io
import re

import webvtt

from cms.library.errors import FileRefused

TIMING = re.compile(r"\s*\d+:\d{1,2}:\d{1,2}[,.]\d+\s*-->\s*\d+:\d{1,2}:\d{1,2}[,.]\d+")
"""Begins a cue of SRT. An arrow alone does not: teachers write 导入 --> 新授, and comments in HTML end on one."""
TIMED = re.compile(r"\d[.,]\d+[ \t]*-->")
"""What is meant to begin a cue of WebVTT."""


def is_srt(start: str) -> bool:
    """Whether a text that begins so is SRT: a timing line, with at most a number or name above it."""
    lines = [line for line in start.lstrip("\ufeff").splitlines() if line.strip()]
    return any(map(TIMING.match, lines[:2]))


def captions(text: str) -> str:
    """The text as WebVTT, with every cue that says something.

    Raises   FileRefused: "bad_captions" when no cue can be read, "unread_cues" (how many) when some cannot
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    is_vtt = text.startswith("WEBVTT")
    cues = [] if is_vtt else _cues(text)
    try:
        if is_vtt:
            read = webvtt.from_buffer(io.StringIO(text))
        else:
            read = webvtt.from_buffer(io.StringIO("\n".join(cues)), format="srt")
        found = text if is_vtt else str(read.content)
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError) as error:
        raise FileRefused("bad_captions") from error
    if not read.captions:
        raise FileRefused("bad_captions")
    unread = (len(TIMED.findall(text)) if is_vtt else len(cues)) - len(read.captions)
    if unread > 0:
        raise FileRefused("unread_cues", count=unread)
    return found


def _cues(text: str) -> list[str]:
    """The cues of an SRT that say something, numbered and set apart: the reader passes over those that are not."""
    cues: list[list[str]] = []
    below: list[str] = []  # a timing line and what stands below it
    for line in text.split("\n"):
        if TIMING.match(line):
            _drop_heading(below)
            below = [line]
            cues.append(below)
        else:
            below.append(line)
    # WebVTT knows no arrow inside a cue but this one.
    said = [(timing, [line.replace("-->", "--&gt;") for line in lines if line.strip()]) for timing, *lines in cues]
    speaking = [(timing, lines) for timing, lines in said if lines]
    return ["\n".join([str(number), timing, *lines, ""]) for number, (timing, lines) in enumerate(speaking, 1)]


def _drop_heading(below: list[str]) -> None:
    """Take the next cue's number from what stands below a cue, or its name when that has a blank line above it."""
    last = len(below) - 1
    while last > 0 and not below[last].strip():
        last -= 1
    if last <= 0:
        return
    touches, alone = last == len(below) - 1, not below[last - 1].strip()
    is_number = below[last].strip().isdigit()
    if (is_number and (touches or alone)) or (touches and alone):
        del below[last]
