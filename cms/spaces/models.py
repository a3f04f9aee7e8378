"""Spaces, what they are interested in, what was delivered to them, and what their people did with it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.library.models import Work
from cms.organisations.models import Organisation
from cms.spaces.enums import DeliveryReason, Readers, SpaceKind
from cms.spaces.profiles import LONGEST_FACET, LONGEST_FILED, Profile
from cms.taxonomy.models import Edition, Grade, Stage, Subject

MOST_WORDS_SAID = 100
"""Characters of the line with which an editor recommends."""

INTEREST_COLUMNS = ("stage", "subject", "grade", "edition")


class Interest(models.Model):
    """A canonical set of facets that many spaces share: a work is matched against it once, not once a space.

    Empty means "any". Whether a work reaches the space at all is the permission's matter, asked when it is read.

    filters  what a saved search narrows beyond the columns: facet -> values, any of them
    words    what a saved search asks for, normalised
    digest   the hash of the canonical spelling, so that equal interests are one row
    key, pair, word, facet  where it is filed for matching (`cms.spaces.profiles`)
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
    unwanted_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("兴趣")
        verbose_name_plural = _("兴趣")
        # Holds all that is asked first, so that no row is fetched for it.
        indexes = [models.Index(fields=["pair", "key", "facet", "word", "id"], name="interest_by_word_or_key")]

    def __str__(self) -> str:
        columns = (self.stage, self.subject, self.grade, self.edition, self.organisation, *self.words)
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


class Audience(models.Model):
    """People of an organisation and all below it, chosen by an editor: one row for all who mean the same. Nobody is
    listed: a space knows from its owner's memberships and profile which audiences it belongs to (`tokens`).

    key   its parts in one text, so that equal audiences are one row
    grade implies its stage, which stands here too
    """

    key = models.CharField(max_length=100, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text=_("及其下级机构")
    )
    readers = models.CharField(_("对象"), max_length=16, choices=Readers.choices)
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("推荐对象")
        verbose_name_plural = _("推荐对象")

    def __str__(self) -> str:
        narrowed = (None if self.grade else self.stage, self.grade, self.subject)
        parts = (self.organisation.name, self.get_readers_display(), *(row.name for row in narrowed if row))
        return " · ".join(str(part) for part in parts)


class Space(models.Model):
    """A place of one person, school, subject of a school, or studio. Everybody has a personal one (S2).

    digest_until   of a personal one: what was delivered until then, a digest has told of
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("类型"), max_length=16, choices=SpaceKind.choices)
    name = models.CharField(_("名称"), max_length=100)
    introduction = models.TextField(_("简介"), blank=True, max_length=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("主人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="spaces",
        help_text=_("个人空间的主人，或工作室主持人。"),
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("机构"), null=True, blank=True, on_delete=models.PROTECT, related_name="spaces"
    )
    stage = models.ForeignKey(Stage, verbose_name=_("学段"), null=True, blank=True, on_delete=models.PROTECT)
    subject = models.ForeignKey(Subject, verbose_name=_("学科"), null=True, blank=True, on_delete=models.PROTECT)
    is_private = models.BooleanField(_("仅本人可见"), default=False, help_text=_("学生和家长的空间总是仅本人可见。"))
    interests = models.ManyToManyField(
        Interest, verbose_name=_("关注的内容"), blank=True, related_name="spaces", through="SpaceInterest"
    )
    inbox_seen_at = models.DateTimeField(_("上次查看收件箱"), null=True, blank=True)
    digest_until = models.DateTimeField(_("摘要已告知到"), null=True, editable=False)
    created_at = models.DateTimeField(_("开通时间"), default=timezone.now)

    class Meta:
        verbose_name = _("空间")
        verbose_name_plural = _("空间")
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(kind="personal"), name="space_one_personal"),
            models.UniqueConstraint(fields=["organisation"], condition=Q(kind="school"), name="space_one_school"),
            models.UniqueConstraint(
                fields=["organisation", "subject"], condition=Q(kind="subject"), name="space_one_subject"
            ),
            models.CheckConstraint(condition=~Q(kind="personal") | Q(owner__isnull=False), name="space_personal_owned"),
            models.CheckConstraint(
                condition=~Q(kind__in=["school", "subject"]) | Q(organisation__isnull=False), name="space_of_school"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/spaces/{self.uuid}/"


class SpaceInterest(models.Model):
    """A space is interested in this: because of its owner's teaching profile, with which it changes, or by hand."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    interest = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="+")
    by_hand = models.BooleanField(default=False)

    class Meta:
        db_table = "spaces_space_interests"
        unique_together = [("space", "interest")]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.interest_id}"


class Follow(models.Model):
    """A space follows an author or another space: what they share comes into its inbox."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="following")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="followers"
    )
    followed = models.ForeignKey(Space, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("关注")
        verbose_name_plural = _("关注")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "author"], condition=Q(author__isnull=False), name="follow_author_once"
            ),
            models.UniqueConstraint(
                fields=["space", "followed"], condition=Q(followed__isnull=False), name="follow_space_once"
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, followed__isnull=True)
                | Q(author__isnull=True, followed__isnull=False),
                name="follow_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} → {self.author or self.followed}"


class Delivery(models.Model):
    """A work reached an audience: one row for everybody whom the token names, read by merging a space's tokens.

    token   `i<interest id>`, `a<author id>` (followers of an author), `s<space id>` (followers of a space),
            `o<organisation id>` (everybody at or below), `g<audience id>` (chosen by an editor)
    source, words   who recommends it, and what for, where an editor chose the audience
    widened_at      the last push of a share or a version: some of the audience may have it only since then (`Reach`);
                    of a recommendation, which is dated when it was written, the moment it came
    Whoever reads is asked again whether the work may be seen.
    """

    token = models.CharField(max_length=32)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="deliveries")
    reason = models.CharField(max_length=20, choices=DeliveryReason.choices)
    at = models.DateTimeField(_("送达时间"), default=timezone.now)
    widened_at = models.DateTimeField(default=timezone.now, editable=False)
    source = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(max_length=MOST_WORDS_SAID, blank=True)

    class Meta:
        verbose_name = _("推送")
        verbose_name_plural = _("推送")
        constraints = [models.UniqueConstraint(fields=["token", "work"], name="delivery_once")]
        indexes = [models.Index(fields=["token", "-widened_at"], name="delivery_by_token")]

    def __str__(self) -> str:
        return f"{self.token} ← {self.work_id}"


class Reach(models.Model):
    """Since when a work has been pushed to everybody at or below an organisation, to visitors too when it is empty.

    It stays when a share is recalled: as long as another stands, who had the work before does not have it anew.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("推送范围")
        verbose_name_plural = _("推送范围")
        constraints = [  # two, because SQLite has no "nulls not distinct"
            models.UniqueConstraint(
                fields=["work", "organisation"],
                name="reach_once_per_organisation",
                condition=models.Q(organisation__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["work"], name="reach_once_for_visitors", condition=models.Q(organisation__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_id} → {self.organisation_id or 'public'}"


class Mark(models.Model):
    """What a space did with a delivered work: opened it, hid it."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="marks")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "work"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.work_id}"


class ShelfItem(models.Model):
    """A work stands on the shelf of a space (选用), with the version it was taken in.

    Written by the sharing room's adoption; removed items stay, with the time, for the history.
    """

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="shelf")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="shelved")
    version = models.PositiveIntegerField(_("选用版本"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("选用时间"), default=timezone.now)
    removed_at = models.DateTimeField(_("移出时间"), null=True)

    class Meta:
        verbose_name = _("书架条目")
        verbose_name_plural = _("书架条目")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "work"], condition=Q(removed_at__isnull=True), name="shelf_item_once"
            )
        ]
        indexes = [models.Index(fields=["space", "-added_at"], name="shelf_by_space")]

    def __str__(self) -> str:
        return f"{self.space_id} · {self.work_id}"
