"""Following a saved search: what is shared from now on and would be found by it comes into the person's inbox, and so
does what was shared before."""

from django.db import transaction

from cms.people.models import User
from cms.spaces.actions import ensure_personal_space, interest_in, remove_interest, take_interest
from cms.spaces.models import Interest
from search.errors import NoLongerSaved, NothingToFollow, TooManyFollowed
from search.models import SavedSearch
from search.query import parse
from search.understanding.chips import understand
from search.vocabulary import lexicon

MOST_FOLLOWED = 5
"""Of one person: interests with words are the only ones that grow with the number of people."""


@transaction.atomic
def follow_search(search: SavedSearch) -> Interest:
    """The person's space is interested in what this search asks; a second time changes nothing.

    Raises  TooManyFollowed, NothingToFollow, NoLongerSaved
    """
    person = _as_it_stands(search)
    if search.interest is not None:
        return search.interest
    held = SavedSearch.objects.filter(user=person, interest__isnull=False).exclude(pk=search.pk)
    if held.count() >= MOST_FOLLOWED:
        raise TooManyFollowed(MOST_FOLLOWED)
    interest = _wanted(search)
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
    person = User.objects.select_for_update().get(pk=search.user_id)
    try:
        search.refresh_from_db()
    except SavedSearch.DoesNotExist as error:
        raise NoLongerSaved from error
    return person


def _wanted(search: SavedSearch) -> Interest:
    """What it asks, as it is understood today: conditions chosen by hand go before those read from the words.

    Raises  NothingToFollow
    """
    words = lexicon()
    understood = understand(search.text, words, plain=search.plain)
    query = parse(understood.rest, terms=words.terms, filters={**understood.filters, **search.chosen})
    if not query.filters and not query.words:
        raise NothingToFollow
    return interest_in(filters=query.filters, words=query.words)
