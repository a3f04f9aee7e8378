"""A followed search brings what it would find into the inbox: what was shared before, and what is shared after."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from cms.library.models import StoredFile, Work
from cms.notices.models import Notice
from cms.outbox.worker import drain
from cms.people.models import User
from cms.spaces.actions import add_interest
from cms.spaces.inbox import delivered
from cms.spaces.models import Delivery, Space, SpaceInterest
from cms.spaces.queries import chosen_interests, personal_space
from cms.taxonomy.models import Tag
from search.errors import NoLongerSaved, TooManyFollowed
from search.finding import find
from search.models import Alias, SavedSearch, Synonym
from search.push import settling
from search.saved.actions import forget_search, save_search
from search.saved.following import MOST_FOLLOWED, follow_anew, follow_search, unfollow_search
from search.texts.enums import TextState
from search.texts.models import FileText
from search.texts.reading import Reading
from search.texts.tasks import keep
from tests import factories
from tests.browsing import signed_in
from tests.factories import Province
from tests.search.site.test_texts import stored
from workflows.sharing.models import Share

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def person(place: Province) -> User:
    """Somebody whose space wants nothing yet."""
    return factories.person("teacher", place.school)


def share(place: Province, title: str) -> int:
    author = factories.teacher(place)
    return factories.shared(place, author, factories.resource(place, author, title=title)).work_id


def inbox(person: User) -> set[int]:
    space = personal_space(person)
    assert space is not None
    return set(delivered(space, person, tiers=False).values_list("work", flat=True))


def test_followed_search_brings_the_past_and_the_future(place: Province, person: User) -> None:
    before = share(place, "浮力的测量")
    drain()
    search = save_search(person, f"{place.subject.name} 浮力", chosen={"kind": ["resource"]})
    interest = follow_search(search)
    assert interest.words == ["浮力"]
    assert interest.filters == {"kind": ["resource"], "subject": [str(place.subject.pk)]}
    drain()
    assert inbox(person) == {before}
    after = share(place, "船为什么浮：再说浮力")
    share(place, "分数的意义")
    drain()
    assert inbox(person) == {before, after}
    assert Notice.objects.filter(recipient=person, key=f"pushed:{after}").count() == 1


@pytest.mark.parametrize(
    ("typed", "title"), [("毕达哥拉斯定理", "勾股定理"), ("第3课 观潮", "第三课 观潮"), ("pH值", "酸碱度的测定")]
)
def test_followed_search_brings_what_it_finds_in_other_words(
    place: Province, person: User, typed: str, title: str
) -> None:
    before = share(place, title)
    drain()
    assert [item.work.pk for item in find(person, typed).items if item.work] == [before]
    follow_search(save_search(person, typed, chosen={}))
    drain()
    after = share(place, f"再说{title}")
    share(place, "背影赏析")
    drain()
    assert inbox(person) == {before, after}


def test_followed_search_wants_what_it_sounds_like(place: Province, person: User) -> None:
    share(place, "分数的初步认识")
    drain()
    assert follow_search(save_search(person, "fenshu", chosen={})).words == ["分数"]
    share(place, "Fenshu 是谁")
    drain()
    assert follow_search(save_search(person, "fenshu ", chosen={"kind": ["resource"]})).words == [["fenshu", "fenshus"]]


def test_followed_search_is_understood_anew_when_a_synonym_is_added(
    place: Province, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, other = share(place, "浮力的测量"), share(place, "阿基米德的浴缸")
    search = save_search(person, "浮力", chosen={})
    again = save_search(person, "浮力 ", chosen={}, plain=["浮力"])
    follow_search(search)
    drain()
    follow_anew("")
    search.refresh_from_db()
    assert search.interest is not None
    assert search.interest.words == ["浮力"], "nothing has changed"
    follow_search(again)

    Synonym.objects.create(words="浮力，阿基米德")
    Delivery.objects.filter(work=old).update(at=LONG_AGO, widened_at=LONG_AGO)
    monkeypatch.setattr(settling, "MOST_PAST", 1)  # only the newest would come again
    follow_anew("")
    drain()
    assert inbox(person) == {old, other}
    assert {one.at for one in Delivery.objects.filter(work=old)} == {LONG_AGO}
    held = SpaceInterest.objects.filter(space__owner=person, by_hand=True)
    assert [one.interest.words for one in held] == [[["浮力", "阿基米德"]]]
    follow_anew("")
    for one in (search, again):
        one.refresh_from_db()
        unfollow_search(one)
    assert inbox(person) == set()


def test_unfollowed_or_deleted_search_brings_nothing(place: Province, person: User) -> None:
    first, second = save_search(person, "浮力", chosen={}), save_search(person, "浮力 ", chosen={}, plain=["浮力"])
    follow_search(first)
    follow_search(second)
    unfollow_search(first)
    share(place, "浮力的测量")
    drain()
    assert len(inbox(person)) == 1, "the other search asks the same"
    forget_search(person, str(second.uuid))
    assert inbox(person) == set()
    assert not SpaceInterest.objects.filter(space__owner=person, by_hand=True).exists()


def test_only_a_few_are_followed(person: User) -> None:
    searches = [save_search(person, f"浮力{number}", chosen={}) for number in range(MOST_FOLLOWED + 1)]
    for search in searches[:-1]:
        follow_search(search)
    follow_search(searches[0])
    with pytest.raises(TooManyFollowed):
        follow_search(searches[-1])


def test_page_follows_and_says_so(place: Province, person: User) -> None:
    search = save_search(person, "浮力", chosen={})
    client, stranger = Client(), Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    stranger.force_login(factories.teacher(place), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert stranger.post(f"/search/saved/{search.uuid}/follow/").status_code == 404
    page = client.post(f"/search/saved/{search.uuid}/follow/", follow=True).content.decode()
    assert "已关注“浮力”" in page
    assert "有新作品会送到收件箱" in page
    assert "浮力" not in client.get("/space/interests/").content.decode()
    page = client.post(f"/search/saved/{search.uuid}/follow/", {"undo": "1"}, follow=True).content.decode()
    assert "已取消关注“浮力”" in page
    assert not Space.objects.get(owner=person).interests.filter(words=["浮力"]).exists()


def test_who_gives_up_a_search_keeps_what_was_chosen_by_hand(place: Province, person: User) -> None:
    search = save_search(person, "", chosen={"subject": [str(place.subject.pk)]})
    follow_search(search)
    space = personal_space(person)
    assert space is not None
    chosen = add_interest(space, by=person, subject_id=place.subject.pk)
    assert chosen_interests(space) == [chosen]  # it stands in the list, so it can be taken away
    unfollow_search(search)
    assert list(space.interests.all()) == [chosen]


def test_an_old_address_with_anything_in_it_can_be_followed(place: Province, person: User) -> None:
    odd = {name: [name[0] * 200] for name in ("stage", "subject", "grade", "edition")}
    interest = follow_search(save_search(person, "浮力", chosen=odd))
    interest.full_clean()  # what PostgreSQL takes and SQLite does not ask
    met = share(place, "浮力的测量")
    drain()
    assert met not in inbox(person)


def shared_with_file(place: Province, person: User) -> Share:
    """In the file stands a word that the person follows; it is read after the work was shared."""
    follow_search(save_search(person, "翠鸟", chosen={}))
    drain()
    author = factories.teacher(place)
    work = factories.resource(place, author, files=[stored(author, "design-kingfisher.docx")])
    shared = factories.shared(place, author, work)
    drain()
    return shared


def test_word_that_stands_in_a_file_brings_the_work(place: Province, person: User) -> None:
    shared = shared_with_file(place, person)

    assert inbox(person) == {shared.work_id}
    assert Notice.objects.filter(recipient=person, key=f"pushed:{shared.work_id}").count() == 1


def test_new_version_stays_with_who_follows_a_word_until_its_files_are_read(place: Province, person: User) -> None:
    shared = shared_with_file(place, person)
    text = FileText.objects.get()
    FileText.objects.all().delete()  # as of a version with another file

    settling.settle(Work.objects.get(pk=shared.work_id))
    assert inbox(person) == {shared.work_id}
    keep(str(StoredFile.objects.get(sha256=text.sha256).pk), Reading(TextState.EMPTY, "", ""))
    drain()
    assert inbox(person) == set()


def test_followed_again_it_is_what_it_was(place: Province, person: User) -> None:
    """Somebody has taught the search another word meanwhile."""
    search = save_search(person, "小科 浮力", chosen={})
    first = follow_search(search)
    Alias.objects.create(text="小科", target=f"subject:{place.subject.pk}")

    assert follow_search(SavedSearch.objects.get(pk=search.pk)) == first
    forget_search(person, str(search.uuid))
    assert not SpaceInterest.objects.filter(space__owner=person, by_hand=True).exists()


def test_search_read_before_it_was_followed_is_unfollowed_all_the_same(place: Province, person: User) -> None:
    """Deleted in one tab, followed in another a moment earlier."""
    search = save_search(person, "浮力", chosen={})
    follow_search(SavedSearch.objects.get(pk=search.pk))
    unfollow_search(search)

    assert not SpaceInterest.objects.filter(space__owner=person, by_hand=True).exists()


def test_deleted_search_is_not_followed(client: Client, person: User) -> None:
    search = save_search(person, "浮力", chosen={})
    forget_search(person, str(search.uuid))

    with pytest.raises(NoLongerSaved):
        follow_search(search)
    assert not forget_search(person, str(search.uuid))
    client.force_login(person)
    assert client.post(f"/search/saved/{search.uuid}/follow/").status_code == 404


@pytest.mark.parametrize("text", ["。", "！？"])
def test_search_that_would_bring_everything_is_not_followed(client: Client, person: User, text: str) -> None:
    search = save_search(person, "浮力", chosen={})
    SavedSearch.objects.update(text=text)  # as they were kept while signs alone still were
    client.force_login(person)

    page = client.post(f"/search/saved/{search.uuid}/follow/", follow=True).content.decode()

    assert "不能关注" in page
    search.refresh_from_db()
    assert search.interest is None


def test_interest_of_a_followed_search_is_not_dropped_by_itself(place: Province, person: User) -> None:
    interest = follow_search(save_search(person, "浮力", chosen={}))
    assert signed_in(person).post(f"/space/interests/{interest.pk}/drop/").status_code == 404
    assert SpaceInterest.objects.filter(interest=interest).count() == 1


@pytest.mark.parametrize("anew", [True, False])
def test_followed_search_that_lost_its_interest_has_it_again(place: Province, person: User, anew: bool) -> None:
    search = save_search(person, "浮力", chosen={})
    interest = follow_search(search)
    SpaceInterest.objects.filter(interest=interest).delete()
    if anew:
        follow_anew("")
    else:
        follow_search(search)
    assert SpaceInterest.objects.filter(interest=interest).count() == 1


def test_search_for_a_tag_that_was_renamed_promises_nothing(place: Province, person: User) -> None:
    tag = Tag.objects.create(name="大单元", slug="dadanyuan")
    follow_search(save_search(person, "", chosen={"tag": ["大单元"]}))
    promise = "有新作品会送到收件箱"
    assert promise in signed_in(person).get("/search/saved/").content.decode()
    tag.name = "大单元教学"
    tag.save()
    page = signed_in(person).get("/search/saved/").content.decode()
    assert promise not in page
    assert "其中的条件已不存在" in page
