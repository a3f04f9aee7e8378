"""Work: what teachers build, whatever its kind: a model with Wagtail's drafts, revisions and locks, and no page."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin
from wagtail.models.specific import SpecificMixin
from wagtail.query import SpecificQuerySetMixin

from cms.library import gate
from cms.library.drawn import require_drawn
from cms.library.enums import Licence, Source, WorkKind
from cms.library.errors import NotThroughReview
from cms.library.html import clean_rich_text
from cms.library.locks import ReviewLock
from cms.library.models.file import HasFiles, RevisionFile, StoredFile
from cms.library.models.preview import WorkPreview
from cms.library.revision_files import file_ids
from cms.organisations.models import Organisation
from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Library, Stage, Subject, Tag, Textbook

RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "address", "hr", "blockquote", "superscript", "subscript"]
"""Rich text of works: no image, embed or document link, which would lead round `StoredFile`; links of our own
(`viewsets/links.py`), for Wagtail's lead to its pages."""

LIVE_FIELDS = frozenset({"live", "live_revision", "live_revision_id"})

KEPT = (
    "live_revision", "last_published_at", "expired", "content_type", "uuid", "owner", "organisation", "kind", "version",
    "created_at", "retired_at", "retired_reason", "replacement", "derived_from",
)  # fmt: skip
"""What belongs to the work as a whole: an old revision that is shown or published must not bring it back."""


class WorkQuerySet(SpecificQuerySetMixin, models.QuerySet["Work"]):
    """Queries of works; refuses to change what only the gate changes."""

    def update(self, **kwargs: Any) -> int:
        if LIVE_FIELDS & set(kwargs):
            raise NotThroughReview("works go live through review only")
        return super().update(**kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        fields = list(fields)
        if LIVE_FIELDS & set(fields):
            raise NotThroughReview("works go live through review only")
        return super().bulk_update(objs, fields, batch_size=batch_size)


def address_of(work: uuid.UUID) -> str:
    """The page of the work with this `uuid`."""
    return f"/works/{work}/"


class TaggedWork(ItemBase):
    """A tag on a work."""

    tag = models.ForeignKey(Tag, related_name="tagged_works", on_delete=models.PROTECT)
    content_object = ParentalKey("library.Work", related_name="tagged_items", on_delete=models.CASCADE)


def inside(title: str) -> str:
    """A title as it stands between 《》: what it names itself has 〈〉."""
    return title.replace("《", "〈").replace("》", "〉")


class Work(
    SpecificMixin,
    WorkPreview,
    PreviewableMixin,
    LockableMixin,
    DraftStateMixin,
    RevisionMixin,
    HasFiles,
    ClusterableModel,
):
    """A work of a teacher at an organisation; its kind is a subclass with a table of its own.

    The row of a live work is what is published; drafts are revisions. State of review is not here: it lives on
    `review.Submission`. `locked` (Wagtail's column) says that the work is under review.
    """

    KIND: ClassVar[WorkKind]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content_type = models.ForeignKey(ContentType, editable=False, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=24, choices=WorkKind.choices, editable=False)
    title = models.CharField(_("标题"), max_length=120, validators=[require_drawn])
    summary = models.TextField(_("摘要"), max_length=500, blank=True)
    body = RichTextField(_("正文"), blank=True, features=RICH_TEXT)
    cover = models.ForeignKey(
        StoredFile, verbose_name=_("封面"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    files = ParentalManyToManyField(StoredFile, verbose_name=_("文件"), blank=True, related_name="+")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("机构"), editable=False, on_delete=models.PROTECT, related_name="works"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("作者"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="own_works",
    )

    stage = models.ForeignKey(
        Stage, verbose_name=_("学段"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    subject = models.ForeignKey(
        Subject, verbose_name=_("学科"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    grade = models.ForeignKey(
        Grade, verbose_name=_("年级"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    edition = models.ForeignKey(
        Edition, verbose_name=_("教材版本"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    textbook = models.ForeignKey(
        Textbook, verbose_name=_("教材"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    chapter = models.ForeignKey(
        Chapter, verbose_name=_("章节"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    knowledge = ParentalManyToManyField(KnowledgePoint, verbose_name=_("知识点"), blank=True, related_name="works")
    library = models.ForeignKey(
        Library, verbose_name=_("资源库"), null=True, blank=True, on_delete=models.PROTECT, related_name="works"
    )
    tags = ClusterTaggableManager(through=TaggedWork, verbose_name=_("标签"), blank=True)

    licence = models.CharField(_("使用许可"), max_length=16, choices=Licence.choices, default=Licence.CC_BY_NC_SA)
    source = models.CharField(_("来源"), max_length=16, choices=Source.choices, default=Source.ORIGINAL)
    source_note = models.CharField(_("来源说明"), max_length=300, blank=True)
    authorship_stated = models.BooleanField(
        _("原创性声明"),
        default=False,
        help_text=_("我声明：本作品由我（们）完成，引用他人之处均已注明，文件可以按所选许可使用。"),
    )

    version = models.PositiveIntegerField(_("版本号"), default=0, editable=False)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now, editable=False)
    retired_at = models.DateTimeField(_("下架时间"), null=True, blank=True, editable=False)
    retired_reason = models.CharField(_("下架原因"), max_length=300, blank=True, editable=False)
    replacement = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="replaces"
    )
    derived_from = models.ForeignKey(
        "library.Seal", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="remixes"
    )

    live = models.BooleanField(_("已发布"), default=False, editable=False)  # the mixin's default is True

    objects = models.Manager.from_queryset(WorkQuerySet)()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("作品")
        verbose_name_plural = _("作品")
        indexes = [
            models.Index(fields=["owner", "-id"], name="work_by_owner"),
            models.Index(fields=["organisation", "-id"], name="work_by_organisation"),
            models.Index(fields=["kind", "-last_published_at"], name="work_live_by_kind", condition=Q(live=True)),
            models.Index(fields=["-last_published_at"], name="work_live_newest", condition=Q(live=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WorkKind.values), name="work_kind_known"),
            models.CheckConstraint(condition=Q(live=False) | Q(live_revision__isnull=False), name="work_live_sealed"),
            models.CheckConstraint(
                condition=Q(go_live_at__isnull=True, expire_at__isnull=True), name="work_never_scheduled"
            ),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.pk and not self.content_type_id:
            self.content_type = ContentType.objects.get_for_model(self, for_concrete_model=False)
            self.kind = getattr(type(self), "KIND", "")

    def __str__(self) -> str:
        return self.title or str(_("未命名作品"))

    @property
    def title_inside(self) -> str:
        """As it stands between 《》."""
        return inside(str(self))

    # --- the gate ---------------------------------------------------------------------------------------------------

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses to change what is live but through the gate; one more query, on saves that name live fields."""
        update_fields = kwargs.get("update_fields")
        if (update_fields is None or LIVE_FIELDS & set(update_fields)) and not gate.is_open(self.pk):
            rows = Work._base_manager.filter(pk=self.pk).values_list("live", "live_revision_id")
            stored = rows.first() if self.pk else None
            if (self.live, self.live_revision_id) != (stored or (False, None)):
                raise NotThroughReview("works go live through review only")
        super().save(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        if not gate.is_open(self.pk):
            raise NotThroughReview("works go live through review only")
        return super().publish(revision, *args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        if not gate.is_open(self.pk):
            raise NotThroughReview("works are taken down by retiring them")
        return super().unpublish(*args, **kwargs)

    # --- revisions --------------------------------------------------------------------------------------------------

    @transaction.atomic
    def save_revision(self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any) -> Revision:
        """As Wagtail's, but rich text is cleaned, a sealed revision never overwritten, and its files are noted."""
        if type(self) is Work:
            raise TypeError("save_revision on a bare Work would lose its kind: use .specific")
        clean_rich_text(self)
        if overwrite_revision is not None and self.seals.filter(revision=overwrite_revision).exists():
            overwrite_revision = None
        kwargs["overwrite_revision"] = overwrite_revision
        revision = super().save_revision(*args, **kwargs)
        self._note_files(revision, is_new=overwrite_revision is None)
        return revision

    @classmethod
    def from_serializable_data(cls, data: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG003  Wagtail's arguments
        """Never checks foreign keys: nothing a revision names is ever deleted, and checking drops lessons' files."""
        return super().from_serializable_data(data, check_fks=False, strict_fks=False)

    def with_content_json(self, content: Any) -> Any:
        obj = super().with_content_json(content)
        for name in KEPT:
            field: Any = self._meta.get_field(name)
            setattr(obj, field.attname, getattr(self, field.attname))  # by id: nothing is read for it
            if field.is_relation and field.is_cached(self):
                field.set_cached_value(obj, field.get_cached_value(self))
        obj.go_live_at = obj.expire_at = None
        return obj

    def get_lock(self) -> Any:
        """Under review nobody changes the work; its author may withdraw the submission."""
        return ReviewLock(self) if self.locked else None

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validate_constraints", False)  # the database answers for them
        super().full_clean(*args, **kwargs)

    def _note_files(self, revision: Revision, *, is_new: bool) -> None:
        wanted = file_ids(revision.content)
        noted: set[int] = set()
        if not is_new:
            noted = set(RevisionFile.objects.filter(revision=revision).values_list("file_id", flat=True))
        if noted - wanted:
            RevisionFile.objects.filter(revision=revision, file_id__in=noted - wanted).delete()
        RevisionFile.objects.bulk_create(
            RevisionFile(work_id=self.pk, revision=revision, file_id=pk) for pk in sorted(wanted - noted)
        )

    # --- reading ----------------------------------------------------------------------------------------------------

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    def get_absolute_url(self) -> str:
        return address_of(self.uuid)


class Coauthor(models.Model):
    """A colleague who writes a work together with its owner. Row of the work as a whole, not of a revision."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="coauthors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coauthored")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("合作者")
        verbose_name_plural = _("合作者")
        constraints = [models.UniqueConstraint(fields=["work", "user"], name="coauthor_once")]

    def __str__(self) -> str:
        return str(self.user)
