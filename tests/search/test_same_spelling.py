"""What is done in one go, for speed, is what the plain way gives: the same characters, the same bytes."""

import html
import json
import math
import re
import unicodedata
import zlib
from datetime import UTC, datetime

import nh3
import opencc
from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis import HAN, MAX_TOKEN, index_text
from search.documents import plain
from search.engines.base import DeleteOp, Document, IndexOp
from search.engines.elasticsearch import writing as elasticsearch
from search.engines.elasticsearch.layout import facet_field
from search.engines.elasticsearch.tokens import tokens, tokens_each
from search.engines.embedded import writing as embedded
from search.engines.limits import LIMITS, MAX_TITLE
from search.normalise import BETWEEN, RADICALS, UNSEEN, normalise, normalise_each, storable

SIMPLIFIED = opencc.OpenCC("t2s")
MEAN = "".join(
    [
        "aAbIiİßΣσſk 09.':·<=>，。：；？！（）…　“”×÷—、《》【汉數學乾后麵發髮里|é",
        "e\u0301\u0307\u0323\u0338\u3099ﾞｶハ\u115f한ㅎ\u212a\u2126℃Ⅳ０９Ａｚ①㎏ﬁ⻢⼀豈々・ー〇△≌😀👩\u200d🏫",
        "\u034f\u0345ᾳ\u0340\u0344\xa0\x85\x1c\x00\ud800\udc00\ufeff\ufdd0\U000e0001\U00020000",
        '\n\t\r\\"/&;',
        BETWEEN,
    ]
)
TEXT = st.one_of(st.text(MEAN, max_size=40), st.text(st.characters(exclude_categories=()), max_size=30))


def spelt_out(text: str) -> str:
    """What `normalise` promises, step by step."""
    seen = re.sub(f"[{UNSEEN}]+", "", text)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).lower())
    shown = re.sub(r"\s", " ", re.sub(f"[{UNSEEN}]+", "", folded)).translate(RADICALS)
    return str(SIMPLIFIED.convert(shown))


def cut_out(text: str) -> list[str]:
    found = re.findall(f"[{HAN}]+|[^\\W_{HAN}]+|[^\\w\\s\\x00-\\x7f\u2010-\u2027\u3000-\u303f]", text)
    return [run for run in found if len(run) > 1 or run.isalnum() or unicodedata.category(run)[0] == "S"]


def is_chinese(run: str) -> bool:
    return re.fullmatch(f"[{HAN}]+", run) is not None


def in_pairs(text: str) -> str:
    found: list[str] = []
    for run in cut_out(text):
        if is_chinese(run):
            found += [*(run[place : place + 2] for place in range(len(run) - 1)), run[-1]]
        else:
            found.append(run[:MAX_TOKEN])
    return " ".join(found)


def one_by_one(text: str) -> str:
    found: list[str] = []
    after_chinese = False
    for run in cut_out(text):
        chinese = is_chinese(run)
        found += ["|"] if chinese and after_chinese else []
        found += list(run) if chinese else [run[:MAX_TOKEN]]
        after_chinese = chinese
    return " ".join(found)


def test_normalise_of_every_character_is_as_spelt_out() -> None:
    alike = ("CJK UNIFIED", "HANGUL SYLLABLE", "TANGUT", "EGYPTIAN", "CUNEIFORM", "ANATOLIAN")  # thousands of each
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in ("Cn", "Co") or unicodedata.name(character, "").startswith(alike):
            continue
        text = f"aI{character}bΣ"
        assert normalise(text) == spelt_out(text), hex(code)


@given(TEXT)
def test_normalise_is_as_spelt_out(text: str) -> None:
    assert normalise(text) == spelt_out(text)


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_texts_normalised_together_do_not_touch(texts: list[str]) -> None:
    assert normalise_each(texts) == [normalise(text) for text in texts]


@given(TEXT.map(normalise), st.integers(0, 50))
def test_index_text_is_pairs_of_neighbours(text: str, limit: int) -> None:
    assert index_text(text, limit=limit) == in_pairs(text[:limit])


@given(st.lists(st.tuples(TEXT.map(normalise), st.integers(0, 50)), max_size=4))
def test_tokens_are_characters_and_words(texts: list[tuple[str, int]]) -> None:
    assert tokens_each(texts) == [one_by_one(text[:limit]) for text, limit in texts]


def test_a_long_text_is_cut_into_the_same_tokens() -> None:
    text = normalise("分数的初步认识，三年级上册（PEP 3）。" * 5_000)

    assert tokens(text) == one_by_one(text)
    assert index_text(text, limit=len(text)) == in_pairs(text)


@given(st.one_of(TEXT, st.text("<>/pbrdivLI &amp;#60;\n\r\0\ufeff 汉，", max_size=40)))
@example("\ufeff").via("read from a file with a byte order mark")
@example("分\ufeff数").via("one in the middle stays")
def test_words_of_rich_text_are_what_the_cleaner_leaves(text: str) -> None:
    apart = re.sub(r"</(p|li|h[1-6]|blockquote|div)>|<br\s*/?>", "\n", text.replace("\ud800", ""), flags=re.IGNORECASE)
    raw = text.replace("\ud800", "")
    try:
        raw.encode()
    except UnicodeEncodeError:
        return  # no text of the database

    assert plain(raw) == html.unescape(nh3.clean(apart, tags=set()))


DOCUMENTS = st.builds(
    Document,
    id=st.text('a1"\\:汉', min_size=1, max_size=8),
    version=st.integers(-1, 2**40),
    title=TEXT,
    keywords=TEXT,
    summary=TEXT,
    body=TEXT,
    facets=st.dictionaries(st.sampled_from(["kind", "tag", "a\0", "a\ufffd", 'Ä "']), st.lists(TEXT, max_size=3)),
    acl=st.lists(TEXT, max_size=3),
    adoptions=st.integers(-5, 2**70),
    published=st.sampled_from([None, datetime(2024, 5, 1, 8, 30, 0, 5), datetime(1960, 1, 1, tzinfo=UTC)]),
)


def chosen(values: object) -> list[str]:
    assert isinstance(values, list)
    return sorted({storable(value)[: elasticsearch.MAX_KEYWORD] for value in values})


def seconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@given(DOCUMENTS)
def test_lines_of_a_bulk_request_are_those_of_the_plain_way(document: Document) -> None:
    shown = storable(document.title)[:MAX_TITLE]
    named = {storable(name): values for name, values in document.facets.items() if values}
    source = {
        "id": document.id,
        "shown": shown,
        "length": len(shown),
        "facets": {facet_field(name).removeprefix("facets."): chosen(values) for name, values in named.items()},
        "acl": chosen(document.acl),
        "adoptions": min(max(document.adoptions, 0), 2**63 - 1),
        "published": seconds(document.published),
    }
    for name, limit in LIMITS.items():
        source[name] = one_by_one(spelt_out(getattr(document, name)[: limit * 2])[:limit])
    action = {"index": {"_id": document.id, "version": max(document.version, 0), "version_type": "external_gte"}}

    made = elasticsearch.prepare(IndexOp(document))

    assert (made.action, made.source) == (line(action), line(source))


def line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_deletion_is_a_tombstone() -> None:
    made = elasticsearch.prepare(DeleteOp('a"\0', version=3))

    assert json.loads(made.action) == {"index": {"_id": 'a"\ufffd', "version": 3, "version_type": "external_gte"}}
    assert set(json.loads(made.source)) == {"id", "gone"}


@given(DOCUMENTS)
def test_rows_of_the_embedded_engine_are_those_of_the_plain_way(document: Document) -> None:
    texts = [(getattr(document, name)[: limit * 2], limit) for name, limit in LIMITS.items()]
    columns = [in_pairs(spelt_out(text)[:limit]) for text, limit in texts]
    facets = {
        storable(name): sorted({storable(value) for value in values})
        for name, values in document.facets.items()
        if values
    }

    made = embedded.prepare(IndexOp(document))

    assert made.tokens == zlib.compress("\n".join(columns).encode(), 1)
    assert made.facets == json.dumps(facets, ensure_ascii=False, sort_keys=True)
    assert made.acl == json.dumps(sorted({storable(token) for token in document.acl}), ensure_ascii=False)
