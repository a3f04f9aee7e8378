"""What was copied from elsewhere is what we say it is, and asks no other host for anything."""

import json
import re
from pathlib import Path

from theme import vendor
from theme.pieces import FILE_ICONS, KINDS, STATES, TIERS

THEME = vendor.THEME


def test_the_copies_are_those_of_the_manifest() -> None:
    assert vendor.differences() == []


def test_each_package_has_version_licence_and_its_text() -> None:
    for package in json.loads(vendor.MANIFEST.read_text())["packages"]:
        assert package["version"]
        assert package["licence"] in ("MIT", "Apache-2.0")
        assert any(file["path"].endswith("LICENSE") for file in package["files"])


def test_the_lock_names_no_host_and_the_versions_of_the_manifest() -> None:
    lock = (THEME / "package-lock.json").read_text()
    assert "://" not in lock
    locked = json.loads(lock)["packages"]
    for package in json.loads(vendor.MANIFEST.read_text())["packages"]:
        assert locked[f"node_modules/{package['name']}"]["version"] == package["version"]


def icons_used() -> set[str]:
    used = {look.icon for table in (KINDS, STATES, TIERS) for look in table.values()} | set(FILE_ICONS.values())
    for template in (THEME / "templates").rglob("*.html"):
        text = template.read_text()
        used |= set(re.findall(r'{% icon "([\w-]+)"', text))
        if "wagtailadmin/" not in text:  # the workbench draws Wagtail's own icons
            used |= set(re.findall(r'icon="([\w-]+)"', text))
    return used


def test_the_sprite_has_every_icon_that_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (vendor.VENDOR / vendor.SPRITE).read_text()))
    assert drawn == set(vendor.ICONS)
    assert icons_used() - drawn == set()


def test_every_drawing_that_is_named_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (THEME / "static/theme/drawings.svg").read_text()))
    named = {
        name
        for template in (THEME / "templates").rglob("*.html")
        for name in re.findall(r'drawing="(\w+)"', template.read_text())
    }
    assert named <= drawn


def test_sheets_and_scripts_fetch_nothing_from_elsewhere() -> None:
    ours = [path for path in (THEME / "static" / "theme").rglob("*") if path.suffix in (".css", ".js")]
    for path in [*ours, Path(vendor.VENDOR / "video-js/video-js.min.css")]:
        text = path.read_text()
        assert not re.search(r"url\(\s*['\"]?(?!data:image)", text), path.name
        assert "@import" not in text
        if path in ours:
            assert "://" not in text, path.name
