"""English is complete: whatever our code asks a translation for has one, with the same placeholders, in good form."""

import html
import re
import subprocess
from pathlib import Path
from types import ModuleType

import polib
import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy

from cms.config.settings.base import BASE_DIR
from cms.library.forms import WorkForm
from tests import factories
from tests.english import CHINESE, ENGLISH, SAID_IN_CHINESE, chinese_of_ours
from tests.factories import Province
from tests.services import need
from workflows.review.forms import NoteForm
from workflows.review.viewsets.policies import help_panel

DOMAINS = ("django", "djangojs")


def keys(catalogue: polib.POFile) -> set[tuple[str | None, str, str]]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue if not entry.obsolete}


@pytest.mark.parametrize("domain", DOMAINS)
def test_english_answers_what_the_code_asks(messages: ModuleType, domain: str) -> None:
    need("gettext")
    asked = keys(messages.asked_for(domain))
    given = keys(polib.pofile(messages.own_catalogue(domain)))
    assert asked, "nothing was extracted"
    assert asked - given == set(), "run bin/support/messages.py --update, then translate what is empty"
    assert given - asked == set(), "nobody asks for these any more: run bin/support/messages.py --update"


RENAMED = re.compile(r"import n?p?gettext(?:_lazy)? as (?!_\n)\w+")


@pytest.mark.parametrize("wing", ["cms", "workflows", "search", "theme"])
def test_nothing_is_asked_for_by_a_name_that_nobody_extracts(wing: str) -> None:
    """What is called `_lazy` or `_t` never came into the catalogue."""
    sources = (BASE_DIR / wing).rglob("*.py")
    assert [str(path.relative_to(BASE_DIR)) for path in sources if RENAMED.search(path.read_text("utf-8"))] == []


def test_every_catalogue_is_finished_and_keeps_its_placeholders(messages: ModuleType) -> None:
    catalogues = messages.catalogues()
    assert len(catalogues) == 4
    assert [problem for source in catalogues for problem in messages.problems(source)] == []


def test_the_catalogues_are_well_formed_for_gettext(messages: ModuleType, tmp_path: Path) -> None:
    need("gettext")
    for source in messages.catalogues():
        command = ["msgfmt", "--check-format", "--check-domain", "-o", str(tmp_path / "out.mo"), str(source)]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="还差 %d 项", msgstr=""), "not translated"),
        (polib.POEntry(msgid="还差 %d 项", msgstr="%d to go", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="还差 %d 项", msgstr="some to go"), "placeholders differ"),
        (polib.POEntry(msgid="还差 %(n)s 项", msgstr="%(count)s to go"), "placeholders differ"),
        (polib.POEntry(msgid="%s在%d", msgstr="%d in %s"), "placeholders differ"),
        (polib.POEntry(msgid="%(a)s在%(b)s", msgstr="in %(b)s: %(a)s"), None),
        (polib.POEntry(msgid="%d 项", msgid_plural="%d 项", msgstr_plural={0: "%d thing", 1: "things"}), "differ"),
        (polib.POEntry(msgid="one", msgid_plural="%d things", msgstr_plural={0: "%d 件"}), None),
    ],
)
def test_the_check_finds_what_would_trouble_a_reader(
    messages: ModuleType, tmp_path: Path, entry: polib.POEntry, problem: str | None
) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = messages.HEADER
    catalogue.append(entry)
    catalogue.save(tmp_path / "django.po")
    found = messages.problems(tmp_path / "django.po")
    assert any(problem in each for each in found) if problem else found == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_header_says_when_or_where_it_was_made(messages: ModuleType, domain: str) -> None:
    assert polib.pofile(messages.own_catalogue(domain)).metadata == messages.HEADER


def test_chinese_is_its_own_translation(messages: ModuleType) -> None:
    """So that no text of ours is looked for in the catalogues of all that we build on."""
    english = polib.pofile(messages.own_catalogue("django"))
    itself = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in messages.as_itself(english)}
    wanted = {(e.msgctxt, e.msgid) for e in english if messages.HAN.search(e.msgid) and not e.msgid_plural}
    assert itself.keys() == wanted
    assert all(text == msgid for (_context, msgid), text in itself.items())
    assert len(wanted) > 1000


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/search/", "/search/?q=abc", "/courses/", "/nowhere/"])
def test_a_visitor_who_asks_for_english_reads_english(client: Client, address: str) -> None:
    page = client.get(address, headers=ENGLISH).content.decode()
    assert '<html lang="en">' in page
    assert CHINESE.findall(SAID_IN_CHINESE.sub("", page)) == []


def test_what_people_wrote_is_told_from_what_is_ours(place: Province) -> None:
    work = factories.resource(
        place, factories.teacher(place), title="分数 & 小数", body="<p>先折一折。</p><p>再比一比。</p>"
    )
    title = html.escape(work.title)
    page = f"<title>{title}</title><h1>再比一比。</h1>{work.body}<p title='《{title}》'>数学 year 3</p>"
    assert chinese_of_ours(page) == ["p title='《》'"]
    assert chinese_of_ours(f"<p>查看 {title}</p>") == ["查看"]


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
def test_a_visitor_who_asks_for_no_language_of_ours_reads_chinese(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "登录" in page


def test_texts_made_when_the_program_starts_follow_the_reader() -> None:
    with translation.override("en"):
        assert "5 out of 5" in str(NoteForm()["rating"])
        assert "Grade" in str(WorkForm.base_fields["grade"].error_messages["invalid_choice"])
        assert CHINESE.findall(str(help_panel(gettext_lazy("评审办法")).content)) == []
