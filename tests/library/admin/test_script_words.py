"""What the workbench's own scripts say is translated, and the catalogue reaches the page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.library.admin.conftest import Cast
from tests.library.admin.pages import edit_url

SCRIPTS = ("library-admin.js", "library-curriculum.js")
WORDS = re.compile(r'gettext\("([^"]+)"\)')
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CATALOGUE = re.compile(r"const newcatalog = (\{.*?\});", re.DOTALL)


def source(script: str) -> str:
    lines = (Path(settings.BASE_DIR) / "theme/static/theme" / script).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("//"))


def catalogue(language: str) -> dict[str, Any]:
    address = reverse("wagtailadmin_javascript_catalog")
    text = Client().get(address, headers={"accept-language": language}).content.decode()
    found = CATALOGUE.search(text)
    assert found is not None
    words: dict[str, Any] = json.loads(found[1])
    return words


@pytest.mark.django_db
def test_every_word_of_the_scripts_has_its_english() -> None:
    english, chinese = catalogue("en"), catalogue("zh-hans")
    words = {word for script in SCRIPTS for word in WORDS.findall(source(script))}
    assert len(words) > 5
    for word in words:
        assert word in english, word
        assert not CHINESE.search(english[word]), word
        assert chinese.get(word, word) == word  # the source language says it as it stands


def test_no_chinese_stands_in_the_scripts_untranslated() -> None:
    for script in SCRIPTS:
        bare = WORDS.sub("", source(script))
        assert not CHINESE.search(bare), script


def test_form_brings_the_scripts_and_their_words(cast: Cast) -> None:
    page = cast.client("owner").get(edit_url(factories.resource(cast.place, cast.owner))).content.decode()
    scripts = [str(tag["src"]) for tag in BeautifulSoup(page, "html.parser").find_all("script", src=True)]
    for wanted in (*SCRIPTS, reverse("wagtailadmin_javascript_catalog")):
        assert any(wanted in address for address in scripts), wanted
