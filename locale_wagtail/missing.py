"""List what Wagtail and its companions still say in English to a Chinese editor.

    python locale_wagtail/missing.py            list the msgids without an answer, per domain; exit 1 if there are any
    python locale_wagtail/missing.py --update   also add them, empty, to zh_Hans/LC_MESSAGES/{django,djangojs}.po

Run it after every upgrade of a package in PACKAGES, and translate what `--update` has added. It needs polib and the
packages themselves, but no Django settings.

What is asked for: every msgid of a package's own `locale/en` that the same package leaves without a translation
(absent, empty or fuzzy) in its own `locale/zh_Hans`. Where a package has no English catalogue (axes, treebeard,
django_filters, modelsearch), the question is put together from its other languages and from the literal gettext calls
in its source. django_filters does have a Chinese catalogue, but as `zh_CN`, where Django no longer looks.

What answers: the two .po files here. They stand apart from ../locale because `makemessages` there would mark all of
this obsolete. LOCALE_PATHS wins over every package, so an entry here also overrides what the package says; entries
nobody asks for any more are kept, and counted under "not asked for". The .mo files are compiled by the start command.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib

HERE = Path(__file__).resolve().parent
LANGUAGE = "zh_Hans"
DOMAINS = ("django", "djangojs")
PACKAGES = (
    "wagtail",  # every app in it, contrib included
    "modelsearch",
    "taggit",
    "treebeard",
    "django_filters",
    "allauth",
    "axes",
    "django.conf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
)
# the position of msgid, msgid_plural and msgctxt among the arguments of a gettext call
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (0, None, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, None, 0)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (1, 2, 0)),
}

Key = tuple[str | None, str]


def own_catalogue(domain: str) -> Path:
    return HERE / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def answered(path: Path) -> set[Key]:
    """The keys of a catalogue that reach a reader: neither empty nor fuzzy nor obsolete."""
    return {key(entry) for entry in polib.pofile(path) if entry.translated()} if path.exists() else set()


def folders() -> Iterator[Path]:
    """The folders that may hold `locale`: each installed package and, below it, each app with catalogues of its own."""
    for package in PACKAGES:
        try:
            spec = find_spec(package)
        except ModuleNotFoundError:
            spec = None
        if spec and spec.submodule_search_locations:
            root = Path(spec.submodule_search_locations[0])
            nested = sorted(path.parent for path in root.rglob("locale") if path.is_dir())
            yield from nested or [root]


def in_source(folder: Path) -> Iterator[polib.POEntry]:
    for path in sorted(folder.rglob("*.py")):
        if {"tests", "migrations"} & set(path.relative_to(folder).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
                msgid, plural, context = (
                    texts[at] if at is not None and at < len(texts) else None for at in CALLS[node.func.id]
                )
                if isinstance(msgid, str) and msgid:
                    yield polib.POEntry(msgid=msgid, msgid_plural=plural or "", msgctxt=context)


def asked_in(folder: Path, domain: str) -> Iterator[polib.POEntry]:
    english = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if english.exists():
        yield from polib.pofile(english)
    elif not (folder / "locale" / "en").exists():
        for path in sorted(folder.glob(f"locale/*/LC_MESSAGES/{domain}.po")):
            yield from polib.pofile(path)
        if domain == "django":
            yield from in_source(folder)


def wanted(domain: str) -> dict[Key, polib.POEntry]:
    """What our own catalogue has to answer, each as an empty entry that names the apps it is for."""
    found: dict[Key, polib.POEntry] = {}
    for folder in folders():
        app = folder.as_posix().rpartition("site-packages/")[2]
        theirs = answered(folder / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po")
        for entry in asked_in(folder, domain):
            if entry.obsolete or not entry.msgid or key(entry) in theirs:
                continue
            empty = found.setdefault(
                key(entry),
                polib.POEntry(
                    msgid=entry.msgid,
                    msgctxt=entry.msgctxt,
                    msgid_plural=entry.msgid_plural,
                    msgstr_plural={0: ""} if entry.msgid_plural else {},
                    flags=[flag for flag in entry.flags if flag.endswith("-format")],
                    comment=entry.comment if entry.comment.startswith("Translators") else "",
                ),
            )
            if (app, "") not in empty.occurrences:
                empty.occurrences.append((app, ""))
    return found


def missing(domain: str) -> list[polib.POEntry]:
    ours = answered(own_catalogue(domain))
    return [entry for at, entry in wanted(domain).items() if at not in ours]


def update(domain: str) -> None:
    path = own_catalogue(domain)
    if path.exists():
        catalogue = polib.pofile(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = polib.POFile()
        catalogue.metadata = {
            "Project-Id-Version": "gongjian",
            "Language": LANGUAGE,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
    catalogue.wrapwidth = 110
    present = {key(entry) for entry in catalogue}
    catalogue.extend(entry for entry in missing(domain) if key(entry) not in present)
    catalogue.save(path)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--update", action="store_true", help="add what is missing to our .po files, empty")
    options = parser.parse_args(arguments)
    total = 0
    for domain in DOMAINS:
        if options.update:
            update(domain)
        gaps = missing(domain)
        total += len(gaps)
        spare = answered(own_catalogue(domain)) - wanted(domain).keys()
        print(f"{domain}: {len(gaps)} missing, {len(spare)} of ours not asked for")
        for entry in gaps:
            print(f"  {', '.join(app for app, _ in entry.occurrences)}: {entry.msgid!r}")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
