"""Compile the translations, or check them. Needs polib, not GNU gettext; only --update needs that.

python bin/support/messages.py           writes every .mo that is older than its .po, and one in which Chinese is itself
python bin/support/messages.py --check   says what is wrong with a catalogue, and ends with 1
python bin/support/messages.py --update  makes locale/en ask for what the code says now: new texts empty, old ones gone
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"%\(\w+\)[sdif]|\{\w+\}")
HAN = re.compile("[\u3400-\u9fff]")
BY_ORDER = re.compile(r"%[sdif]|\{\}")

WINGS = ("cms", "workflows", "search", "theme")
ENDINGS = {"django": ("py", "html", "txt"), "djangojs": ("js",)}
NOT_OURS = ("node_modules", "vendor")
HEADER = {
    "Project-Id-Version": "gongjian",
    "Report-Msgid-Bugs-To": "",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def catalogues() -> list[Path]:
    return sorted([*ROOT.glob("locale/*/LC_MESSAGES/*.po"), *ROOT.glob("locale_wagtail/*/LC_MESSAGES/*.po")])


def compile_all() -> int:
    """Every .mo is as new as its .po; returns how many were written."""
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if _is_older(target, source):
            polib.pofile(source).save_as_mofile(target)
            written += 1
    source, target = own_catalogue("django"), ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    if _is_older(target, source):
        target.parent.mkdir(parents=True, exist_ok=True)
        as_itself(polib.pofile(source)).save_as_mofile(target)
        written += 1
    return written


def _is_older(target: Path, source: Path) -> bool:
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def as_itself(catalogue: polib.POFile) -> polib.POFile:
    """Every Chinese text as its own translation. Without it each text of ours is looked for in the two dozen
    catalogues of what we build on before it is taken as it is: a twelfth of the time of a page."""
    found = polib.POFile()
    found.metadata = {**HEADER, "Language": "zh_Hans", "Plural-Forms": "nplurals=1; plural=0;"}
    for entry in catalogue:
        if HAN.search(entry.msgid) and not entry.msgid_plural and not entry.obsolete:
            found.append(polib.POEntry(msgid=entry.msgid, msgstr=entry.msgid, msgctxt=entry.msgctxt))
    return found


def placeholders(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The named ones in any order, and those that are filled by their order."""
    return frozenset(NAMED.findall(text)), tuple(BY_ORDER.findall(text))


def problems(source: Path) -> list[str]:
    """What a reader of this catalogue would stumble over: unfinished entries, lost, new or reordered placeholders."""
    found = []
    for entry in polib.pofile(source, check_for_duplicates=True):
        if entry.obsolete:
            continue
        where = f"{source.relative_to(ROOT) if source.is_relative_to(ROOT) else source}:{entry.linenum}"
        if entry.fuzzy:
            found.append(f"{where} fuzzy: {entry.msgid!r}")
        answers = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(answers):
            found.append(f"{where} not translated: {entry.msgid!r}")
        # a plural entry asks twice, once perhaps without the number
        wanted = {placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text}
        found += [
            f"{where} placeholders differ from {entry.msgid!r}: {answer!r}"
            for answer in answers
            if answer and placeholders(answer) not in wanted
        ]
    return found


def check() -> int:
    found = [problem for source in catalogues() for problem in problems(source)]
    for problem in found:
        print(problem)
    print(f"{len(catalogues())} catalogues, {len(found)} problems")
    return 1 if found else 0


def asked_for(domain: str) -> polib.POFile:
    """What our own code asks a translation for, in its order and without answers. Needs GNU gettext.

    Django's makemessages runs beside the project, on links to the wings, so that it writes into no catalogue.
    """
    with tempfile.TemporaryDirectory() as place:
        for wing in WINGS:
            (Path(place) / wing).symlink_to(ROOT / wing)
        (Path(place) / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "-v0", "-l", "en", "-d", domain, "--symlinks"]
        command += ["--no-location", "--no-wrap"]
        command += [part for ending in ENDINGS[domain] for part in ("-e", ending)]
        command += [part for name in NOT_OURS for part in ("-i", name)]
        # without settings it looks at nothing but this folder
        surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=place, env=surroundings, check=True)
        made = Path(place, "locale", "en", "LC_MESSAGES", f"{domain}.po")
        return polib.pofile(made.read_text(encoding="utf-8")) if made.exists() else polib.POFile()


def own_catalogue(domain: str) -> Path:
    return ROOT / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"


def update(domain: str) -> int:
    """English holds exactly what the code asks for, with the answers it had; returns how many lack one."""
    path = own_catalogue(domain)
    answers = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(path)} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = HEADER
    for entry in asked_for(domain):
        answer = answers.get((entry.msgctxt, entry.msgid))
        if answer and bool(answer.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = answer.msgstr, answer.msgstr_plural
        catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(path)
    return len(catalogue.untranslated_entries())


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(check())
    if "--update" in sys.argv[1:]:
        for domain in ENDINGS:
            print(f"{domain}: {update(domain)} texts to be translated")
        sys.exit()
    print(f"{compile_all()} catalogues compiled")
