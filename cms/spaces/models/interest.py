"""Interest: what a work is matched against, shared by many spaces."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.organisations.models import Organisation
from cms.spaces.profiles import LONGEST_FACET, LONGEST_FILED, Profile, spellings
from cms.taxonomy.models import Edition, Grade, Stage, Subject

INTEREST_COLUMNS = ("stage", "subject", "grade", "edition")


class Interest(models.Model):
    """A canonical set of facets that many spaces share: a work is matched against it once, not once a space.

    Empty means "any". Whether a work reaches the space at all is the permission's matter, asked when it is read.

    filters  what a saved search narrows beyond the columns: facet -> values, any of them
    words    what a saved search asks for, normalised; a list in place of a word holds its spellings
    digest   the hash of the canonical spelling, so that equal interests are one row
    key, pair, word, facet  where it is filed for matching (`cms.spaces.profiles`)
    taken_up        some space has it, or had it: what was shared before has been owed to it
    unwanted_since  when it was found that nobody has it (`cms.spaces.unwanted`)
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    key = models.CharField(max_length=200, editable=False)
    pair = models.CharField(max_length=2, editable=False)
    word = models.CharField(max_length=LONGEST_FILED, editable=False)
    facet = models.CharField(max_length=LONGEST_FACET, editable=False)
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=_("及其下级机构")
    )
    filters = models.JSONField(default=dict, blank=True)
    words = models.JSONField(default=list, blank=True)
    taken_up = models.BooleanField(default=False, editable=False)
    unwanted_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("兴趣")
        verbose_name_plural = _("兴趣")
        # Holds all that is asked first, so that no row is fetched for it.
        indexes = [models.Index(fields=["pair", "key", "facet", "word", "id"], name="interest_by_word_or_key")]

    def __str__(self) -> str:
        words = ("/".join(spellings(word)) for word in self.words)
        columns = (self.stage, self.subject, self.grade, self.edition, self.organisation, *words)
        return "·".join(str(part) for part in columns if part) or "*"

    @property
    def profile(self) -> Profile:
        """What it wants, as a value. Reads `organisation`: select it."""
        facets = {name: [str(getattr(self, f"{name}_id"))] for name in INTEREST_COLUMNS if getattr(self, f"{name}_id")}
        if self.organisation is not None:
            facets["place"] = [self.organisation.path]
        return Profile(facets={**facets, **self.filters}, words=self.words)

    def file(self, digest: str) -> None:
        """Set what is derived from its profile; not saved."""
        profile = self.profile
        self.digest, self.key, self.facet = digest, profile.key, profile.facet
        self.pair, self.word = profile.pair, profile.word
