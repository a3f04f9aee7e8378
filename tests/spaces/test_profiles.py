"""A work finds, by keys, exactly the interests that looking at every one of them would find."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cms.outbox.models import Message
from cms.spaces.actions import interest_in
from cms.spaces.models import Interest
from cms.spaces.profiles import KEYED, Profile, keys_of, meets, pairs_of, spellings, squeezed, widens
from search.analysis import Tokenised

VALUES = st.sampled_from(["1", "2", "3"])
FACETS = st.dictionaries(
    st.sampled_from([*KEYED, "kind", "tag"]), st.lists(VALUES, max_size=2, unique=True), max_size=5
)
WORD = st.sampled_from(["浮力", "力", "dna", "牛顿第二定律", "数", "ph值", "c-反应", "ai", "4.2"])
WORDS = st.lists(WORD | st.lists(WORD, min_size=1, max_size=3), max_size=2)
PROFILES = st.builds(Profile, facets=FACETS, words=WORDS)
TEXTS = st.lists(
    st.sampled_from(
        ["浮力的测定", "dna是什么", "牛顿第二定律", "分数", " ", "ph 值", "ph—值", "c反应", "ai", "rain", "4.2", "。"]
    )
).map("".join)


@given(profile=PROFILES, facets=FACETS, text=TEXTS)
def test_keys_find_every_interest_that_a_work_meets(profile: Profile, facets: dict[str, list[str]], text: str) -> None:
    if meets(profile, facets, Tokenised(text).holds):
        assert profile.key in set(keys_of(facets))
        assert profile.pair in pairs_of(squeezed(text))


@given(profile=PROFILES)
def test_order_and_repetition_make_no_other_interest(profile: Profile) -> None:
    same = Profile(
        facets={name: [*reversed(values), *values] for name, values in reversed(list(profile.facets.items()))},
        words=[*([*reversed(spellings(word))] for word in reversed(profile.words)), *profile.words],
    )
    assert same.digest == profile.digest
    assert (same.key, same.pair) == (profile.key, profile.pair)


@pytest.mark.django_db
def test_interests_filed_with_signs_are_filed_again_and_no_others() -> None:
    rows = [interest_in(words=words) for words in (["浮力"], ["ph-值"], ["c 语言", "因式分解"])]
    Interest.objects.filter(pk=rows[1].pk).update(pair="ph", word="ph-值")
    import_module("cms.spaces.migrations.0012_interests_by_squeezed_word").file_again(apps, connection.schema_editor())
    assert [Interest.objects.get(pk=row.pk).word for row in rows] == ["浮力", "ph值", "因式分解"]
    owed = Message.objects.filter(topic="push.interest").values_list("ref", flat=True)
    assert set(owed) == {str(row.pk) for row in rows[1:]}


def test_empty_interest_wants_everything() -> None:
    assert meets(Profile(), {}, "".__contains__)
    assert Profile().key in set(keys_of({}))
    assert Profile().pair in pairs_of("")


def test_each_facet_and_each_word_narrows() -> None:
    wanted = Profile(facets={"subject": ["1"], "kind": ["a", "b"]}, words=["浮力", "实验"])
    assert meets(wanted, {"subject": ["1"], "kind": ["b"]}, "浮力的实验".__contains__)
    assert not meets(wanted, {"subject": ["2"], "kind": ["b"]}, "浮力的实验".__contains__)
    assert not meets(wanted, {"subject": ["1"]}, "浮力的实验".__contains__)
    assert not meets(wanted, {"subject": ["1"], "kind": ["a"]}, "浮力".__contains__)


@given(profile=PROFILES, other=PROFILES, facets=FACETS, text=TEXTS)
def test_what_meets_the_narrower_meets_the_wider(
    profile: Profile, other: Profile, facets: dict[str, list[str]], text: str
) -> None:
    holds = Tokenised(text).holds
    for one in (other, Profile(facets=profile.facets, words=[*other.words, *profile.words])):
        if widens(profile, one) and meets(one, facets, holds):
            assert meets(profile, facets, holds)


def test_another_spelling_widens_and_another_word_does_not() -> None:
    known = Profile(facets={"subject": ["1"]}, words=["勾股定理", "证明"])
    assert widens(Profile(facets={"subject": ["1"]}, words=[["勾股定理", "毕达哥拉斯定理"], "证明"]), known)
    assert widens(Profile(facets={"subject": ["1"]}, words=["证明"]), known)
    assert not widens(Profile(facets={"subject": ["1"]}, words=["证明", "勾股定理", "练习"]), known)
    assert not widens(Profile(facets={"subject": ["2"]}, words=["勾股定理"]), known)


def test_one_spelling_of_a_word_will_do() -> None:
    wanted = Profile(words=[["勾股定理", "毕达哥拉斯定理"], "证明"])
    assert meets(wanted, {}, "毕达哥拉斯定理的证明".__contains__)
    assert meets(wanted, {}, "勾股定理的证明".__contains__)
    assert not meets(wanted, {}, "勾股定理".__contains__)
    assert not meets(wanted, {}, "定理的证明".__contains__)
    assert wanted.pair == "证明", "filed under what has to be there"
    assert Profile(words=[["浮力"]]).digest == Profile(words=["浮力"]).digest, "as it was filed before there were any"
