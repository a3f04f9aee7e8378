"""What editors say of words, and when they last changed it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from search.understanding.synonyms import table

MAX_WORD = 24  # characters of one word (`lexicon.LONGEST`)


class Synonym(models.Model):
    """同义词: words that find each other. Used when somebody asks; nothing is indexed again."""

    words = models.CharField(
        _("同义的词"),
        max_length=200,
        help_text=_("用逗号隔开，例如：勾股定理，毕达哥拉斯定理。搜其中一个，也会找到其余的。"),
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("同义词")
        verbose_name_plural = _("同义词")
        ordering = ["words", "id"]

    def __str__(self) -> str:
        return self.words

    @property
    def group(self) -> list[str]:
        """The words one by one. 、 belongs to a word: 酸、碱、盐."""
        return [word.strip() for word in self.words.replace("，", ",").replace("；", ",").split(",") if word.strip()]

    def clean(self) -> None:
        if not table([self.group]):
            raise ValidationError({"words": _("至少写两个不同的词，用逗号隔开。")})
        if any(len(word) > MAX_WORD for word in self.group):
            raise ValidationError({"words": _("每个词最多 24 个字。")})


class Alias(models.Model):
    """俗称: what people call a subject, an edition, a type …; read as that condition."""

    text = models.CharField(
        _("俗称"),
        max_length=MAX_WORD,
        unique=True,
        help_text=_("老师平时的叫法，例如“小科”。搜索时当作下面的条件。"),
    )
    target = models.CharField(_("指的是"), max_length=60, help_text=_("搜索条件和它的值。"))

    class Meta:
        verbose_name = _("俗称")
        verbose_name_plural = _("俗称")
        ordering = ["text", "id"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        self.text = self.text.strip()
        if len(self.text) < 2:
            raise ValidationError({"text": _("至少写两个字，一个字太容易误会。")})

    @property
    def facet(self) -> str:
        return self.target.partition(":")[0]

    @property
    def value(self) -> str:
        return self.target.partition(":")[2]


class LexiconVersion(models.Model):
    """One row: how often the lexicon has changed. Every process compares it before it answers."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("词表版本")
        verbose_name_plural = _("词表版本")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="lexicon_version_once")]

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
