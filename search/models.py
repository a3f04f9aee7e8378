"""What editors say of words and when they last changed it; what is suggested while somebody types; saved searches."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.library.models import Work
from cms.spaces.models import Interest
from cms.taxonomy.models import Chapter, KnowledgePoint, Subject
from search.understanding.lexicon import LONGEST
from search.understanding.synonyms import table, words_of


class Synonym(models.Model):
    """同义词: words that find each other. Used when somebody asks; nothing is indexed again."""

    words = models.CharField(
        _("同义的词"),
        max_length=200,
        help_text=_("用逗号隔开，例如：勾股定理，毕达哥拉斯定理。搜其中一个，也会找到其余的。"),
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "同义词")
        verbose_name_plural = pgettext_lazy("several", "同义词")
        ordering = ["words", "id"]

    def __str__(self) -> str:
        return self.words

    @property
    def group(self) -> list[str]:
        """The words one by one."""
        return words_of(self.words)

    def clean(self) -> None:
        if self.words and not table([self.group]):  # an empty field has its own sentence
            raise ValidationError({"words": _("至少写两个不同的词，用逗号隔开。")})
        if any(len(word) > LONGEST for word in self.group):
            raise ValidationError({"words": _("每个词最多 %d 个字。") % LONGEST})


class Alias(models.Model):
    """俗称: what people call a subject, an edition, a type …; read as that condition."""

    text = models.CharField(
        _("俗称"),
        max_length=LONGEST,
        unique=True,
        help_text=_("老师平时的叫法，例如“小科”。搜索时当作下面的条件。"),
    )
    target = models.CharField(_("指的是"), max_length=60, help_text=_("搜索条件和它的值。"))

    class Meta:
        verbose_name = pgettext_lazy("one", "俗称")
        verbose_name_plural = pgettext_lazy("several", "俗称")
        ordering = ["text", "id"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        self.text = self.text.strip()
        if self.text and len(self.text) < 2:  # an empty field has its own sentence
            raise ValidationError({"text": _("至少写两个字，一个字太容易误会。")})

    @property
    def facet(self) -> str:
        return self.target.partition(":")[0]

    @property
    def value(self) -> str:
        return self.target.partition(":")[2]


class LexiconVersion(models.Model):
    """One row: a number that is another after every change of the lexicon. Every process compares it first.

    suggested  the number at which its topics were last put among the suggestions
    titled     every title and author that was there has been put among them
    """

    number = models.PositiveBigIntegerField(default=0)
    suggested = models.PositiveBigIntegerField(default=0)
    titled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("词表版本")
        verbose_name_plural = _("词表版本")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="lexicon_version_once")]

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class Phrase(models.Model):
    """What is suggested: the title of a live work, the name of somebody who wrote one, or a topic of the curriculum. To
    whoever may see that work; a topic, to whoever may see a work that is filed under it.

    text      normalised, by which it is found; `shown` as it is written
    pinyin    of the text without blanks; `initials` the first letter of each syllable
    weight    higher comes first
    subject, chapters, points   of a topic: where the curriculum has it
    """

    work = models.OneToOneField(Work, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    author = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    chapters = models.ManyToManyField(Chapter, blank=True, related_name="+")
    points = models.ManyToManyField(KnowledgePoint, blank=True, related_name="+")
    shown = models.CharField(max_length=150)
    text = models.CharField(max_length=150, db_index=True)
    pinyin = models.CharField(max_length=100, db_index=True, blank=True)
    initials = models.CharField(max_length=32, db_index=True, blank=True)
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("提示词")
        verbose_name_plural = _("提示词")
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                condition=models.Q(work__isnull=True, author__isnull=True),
                name="phrase_topic_once",
            )
        ]

    def __str__(self) -> str:
        return self.shown


class SavedSearch(models.Model):
    """A question that a person asks again; only they see it.

    chosen    facet -> values, as in the address of the search page; `plain` and `sort` likewise
    interest  what it asks, where the person follows it: new works come into the inbox
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("名称"), max_length=60)
    text = models.CharField(max_length=200, blank=True)
    chosen = models.JSONField(default=dict, blank=True)
    plain = models.JSONField(default=list, blank=True)
    sort = models.CharField(max_length=16, blank=True)
    interest = models.ForeignKey(Interest, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("保存的搜索")
        verbose_name_plural = _("保存的搜索")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def followed(self) -> bool:
        return self.interest_id is not None

    @property
    def query(self) -> str:
        """The query of the search page's address."""
        pairs = {"q": self.text, **self.chosen, "plain": self.plain, "sort": self.sort}
        return urlencode({name: some for name, some in pairs.items() if some}, doseq=True)
