"""Following a saved search: what is shared from now on and would be found by it comes into the person's inbox, and so
does what was shared before. Once a day it is understood anew: synonyms and the curriculum may have changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from cms.outbox.handlers import Handler, register
from cms.people.models import User
from cms.spaces.actions import (
    ensure_personal_space,
    exchange_interest,
    interest_in,
    remove_interest,
    take_interest,
)
from cms.spaces.delivering import carry_over
from cms.spaces.models import Interest, SpaceInterest
from cms.spaces.profiles import Profile, widens
from cms.spaces.tokens import interest as token_of
from search.errors import NoLongerSaved, NothingToFollow, SearchError, TooManyFollowed
from search.finding import find, own_of
from search.models import SavedSearch
from search.query import parse
from search.understanding.chips import Understood, understand
from search.understanding.lexicon import Lexicon
from search.understanding.steps import sounding
from search.vocabulary import lexicon

MOST_FOLLOWED = 5
"""Of one person: interests with words are the only ones that grow with the number of people."""

ANEW = "search.followed"
DAILY = timedelta(days=1)
LONGEST = timedelta(hours=1)
BATCH = 500  # searches read at a time


def follow_search(search: SavedSearch) -> Interest:
    """The person's space is interested in what this search asks; a second time changes nothing.

    Raises  TooManyFollowed, NothingToFollow, NoLongerSaved
    """
    words = lexicon()
    understood = _heard(search, words)  # first: an engine is asked outside of any transaction
    return _follow(search, understood, words)


def _heard(search: SavedSearch, words: Lexicon) -> Understood:
    """What it asks, as the search page understands it today: by its sound where it finds nothing otherwise. As it was
    typed while the engine is away."""
    understood = _read(search, words)
    if not sounding(understood, words):
        return understood
    try:
        return find(search.user, search.text, chosen=search.chosen, plain=search.plain, facets=()).answer.understood
    except SearchError:
        return understood


def _read(search: SavedSearch, words: Lexicon) -> Understood:
    return understand(search.text, words, plain=search.plain, own=own_of(search.user))


@transaction.atomic
def _follow(search: SavedSearch, understood: Understood, words: Lexicon) -> Interest:
    person = _as_it_stands(search)
    if search.interest is not None:
        take_interest(ensure_personal_space(person), search.interest, by=person)
        return search.interest
    held = SavedSearch.objects.filter(user=person, interest__isnull=False).exclude(pk=search.pk)
    if held.count() >= MOST_FOLLOWED:
        raise TooManyFollowed(MOST_FOLLOWED)
    wanted = _wanted(search, understood, words)
    interest = interest_in(filters=wanted.facets, words=wanted.words)
    take_interest(ensure_personal_space(person), interest, by=person)
    search.interest = interest
    search.save(update_fields=["interest"])
    return interest


@transaction.atomic
def unfollow_search(search: SavedSearch) -> None:
    """No more comes for it, unless another of the person's searches asks the same.

    Raises  NoLongerSaved
    """
    person = _as_it_stands(search)
    interest = search.interest
    if interest is None:
        return
    search.interest = None
    search.save(update_fields=["interest"])
    if not SavedSearch.objects.filter(user=person, interest=interest).exists():
        remove_interest(ensure_personal_space(person), interest, by=person)


def _as_it_stands(search: SavedSearch) -> User:
    """Reads the search again while nothing else can change the person's searches, and returns the person: following,
    unfollowing and forgetting wait for each other.

    Raises  NoLongerSaved
    """
    person = User.objects.select_for_update(no_key=True).get(pk=search.user_id)
    try:
        search.refresh_from_db()
    except SavedSearch.DoesNotExist as error:
        raise NoLongerSaved from error
    return person


def _wanted(search: SavedSearch, understood: Understood, words: Lexicon) -> Profile:
    """Conditions chosen by hand go before those read from the words; a word is wanted in each of its spellings.

    Raises  NothingToFollow
    """
    query = parse(
        understood.rest,
        terms=words.terms,
        others={**words.synonyms, **understood.others},
        filters={**understood.filters, **search.chosen},
    )
    if not query.filters and not query.words:
        raise NothingToFollow
    return Profile(facets=query.filters, words=[(word, *query.others.get(word, ())) for word in query.words])


def follow_anew(_ref: str) -> None:
    """Every followed search wants what it asks today. One that may be meant by its sound is left as it was understood:
    an engine would have to tell."""
    words = lexicon()
    for search in _followed():
        understood = _read(search, words)
        if sounding(understood, words):
            continue
        try:
            wanted = _wanted(search, understood, words)
        except NothingToFollow:
            continue
        if search.interest is not None and (search.interest.digest != wanted.search_digest or not search.is_wanted):
            _exchange(search, wanted)


def _followed() -> Iterator[Any]:
    """With `is_wanted`: the person's space still has the interest."""
    had = SpaceInterest.objects.filter(interest=OuterRef("interest"), space__owner=OuterRef("user"))
    rows = SavedSearch.objects.filter(interest__isnull=False).select_related("interest", "user").order_by("pk")
    rows = rows.annotate(is_wanted=Exists(had))
    after = 0
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        yield from batch
        after = batch[-1].pk


@transaction.atomic
def _exchange(search: SavedSearch, wanted: Profile) -> None:
    try:
        person = _as_it_stands(search)
    except NoLongerSaved:
        return
    before = search.interest
    if before is None:
        return
    search.interest = interest_in(filters=wanted.facets, words=wanted.words)
    search.save(update_fields=["interest"])
    # What came before stays: only the newest would come again.
    if search.interest != before and widens(wanted, before.profile):
        carry_over(token_of(before.pk), token_of(search.interest.pk))
    shared = search.interest == before or SavedSearch.objects.filter(user=person, interest=before).exists()
    exchange_interest(ensure_personal_space(person), search.interest, instead_of=None if shared else before)


register(Handler(topic=ANEW, label=_("按今天的词表重新理解关注的搜索"), work=follow_anew, every=DAILY, longest=LONGEST))
