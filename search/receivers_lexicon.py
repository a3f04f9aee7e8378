"""A change of the curriculum, of a synonym or an alias is understood at once, in every process."""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Library, Stage, Subject, Textbook
from search.models import Alias, Synonym
from search.vocabulary import renew

WORDS = (Stage, Grade, Subject, Edition, Textbook, Chapter, KnowledgePoint, Library, Synonym, Alias)


@receiver([post_save, post_delete])
def words_changed(sender: Any, raw: bool = False, **kwargs: Any) -> None:
    if sender in WORDS and not raw:
        renew()


@receiver(m2m_changed, sender=Subject.stages.through)
def taught_elsewhere(sender: Any, **kwargs: Any) -> None:
    renew()
