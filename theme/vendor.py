"""Copies the browser code and the icons we use out of `node_modules` into `theme/static`; notes what was copied.

    cd theme && npm ci --ignore-scripts && python vendor.py            copy
    python vendor.py --check                                           compare the committed files with their manifest

The copies are committed: a machine that runs the site needs no Node, and the site asks no other host for anything.
"""

import argparse
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

THEME = Path(__file__).resolve().parent
MODULES = THEME / "node_modules"
VENDOR = THEME / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

FILES: dict[str, dict[str, str]] = {
    "video.js": {
        "LICENSE": "video-js/LICENSE",
        "dist/alt/video.core.min.js": "video-js/video.core.min.js",
        "dist/video-js.min.css": "video-js/video-js.min.css",
        "dist/lang/zh-CN.js": "video-js/zh-CN.js",
    },
    "bootstrap-icons": {"LICENSE": "icons/LICENSE"},
}

FONTLESS = "video-js/video-js.min.css"  # its icon font would need `font-src data:`; the player draws SVG icons instead

SPRITE = "icons/sprite.svg"
ICONS = [
    "archive",
    "arrow-counterclockwise",
    "arrow-repeat",
    "arrow-return-left",
    "arrow-right",
    "award",
    "bank",
    "bell",
    "bookmark",
    "bookmark-plus",
    "box-arrow-in-right",
    "box-arrow-right",
    "broadcast",
    "building",
    "building-check",
    "buildings",
    "calendar-event",
    "check-circle",
    "check-lg",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "clock",
    "clock-history",
    "cloud-check",
    "coin",
    "collection-play",
    "download",
    "envelope",
    "exclamation-triangle",
    "eye",
    "file-diff",
    "file-earmark",
    "file-earmark-image",
    "file-earmark-music",
    "file-earmark-pdf",
    "file-earmark-play",
    "file-earmark-slides",
    "file-earmark-spreadsheet",
    "file-earmark-text",
    "file-earmark-word",
    "file-earmark-zip",
    "flag",
    "funnel",
    "gear",
    "geo-alt",
    "hourglass-split",
    "houses",
    "inbox",
    "info-circle",
    "intersect",
    "journal-check",
    "journal-text",
    "key",
    "layers",
    "lightbulb",
    "link-45deg",
    "list",
    "lock",
    "map",
    "mortarboard",
    "pencil",
    "pencil-square",
    "people",
    "person",
    "person-check",
    "person-circle",
    "play-fill",
    "plus-lg",
    "printer",
    "question-circle",
    "search",
    "share",
    "shield-lock",
    "signpost-2",
    "slash-circle",
    "star",
    "trash",
    "upload",
    "x-lg",
    "x-octagon",
]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sprite() -> str:
    """One SVG with a symbol per icon, to be used as `sprite.svg#name`."""
    symbols = []
    for name in ICONS:
        source = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
        body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.S)
        if body is None:
            raise ValueError(f"{name}.svg is not an SVG")
        paths = re.sub(r"\s*\n\s*", "", body[1])
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{paths}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def drop_font(path: Path) -> None:
    text, times = re.subn(r"@font-face\{[^}]*\}", "", path.read_text())
    if times != 1:
        raise ValueError(f"{path.name}: expected one @font-face, found {times}")
    path.write_text(f"/* Changed here: the @font-face rule is left out. */\n{text}")


def tidy_lock() -> None:
    """npm writes addresses of sponsors into the lock; ours names no host at all."""
    lock = THEME / "package-lock.json"
    content = json.loads(lock.read_text())
    for entry in content["packages"].values():
        entry.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2) + "\n")


def copy() -> None:
    tidy_lock()
    packages: list[dict[str, Any]] = []
    for package, files in FILES.items():
        about = json.loads((MODULES / package / "package.json").read_text())
        entry: dict[str, Any] = {
            "name": package,
            "version": about["version"],
            "licence": about["license"],
            "files": [],
        }
        for source, target in files.items():
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(MODULES / package / source, VENDOR / target)
            file = {"path": target, "from": source, "sha256": ""}
            if target == FONTLESS:
                file["changed"] = "without its @font-face rule"
                drop_font(VENDOR / target)
            entry["files"].append({**file, "sha256": digest(VENDOR / target)})
        packages.append(entry)
    (VENDOR / SPRITE).write_text(sprite())
    packages[-1]["files"].append(
        {"path": SPRITE, "from": f"{len(ICONS)} of icons/*.svg", "sha256": digest(VENDOR / SPRITE)}
    )
    MANIFEST.write_text(json.dumps({"packages": packages}, indent=2) + "\n")


def differences() -> list[str]:
    """Files that are not what the manifest says, and files it does not name."""
    named = {
        file["path"]: file["sha256"]
        for package in json.loads(MANIFEST.read_text())["packages"]
        for file in package["files"]
    }
    found = {
        str(path.relative_to(VENDOR)): digest(path) for path in VENDOR.rglob("*") if path.is_file() and path != MANIFEST
    }
    return sorted(path for path in named.keys() | found.keys() if named.get(path) != found.get(path))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file differs")
    if not parser.parse_args().check:
        copy()
    wrong = differences()
    for path in wrong:
        sys.stderr.write(f"differs from the manifest: {path}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
