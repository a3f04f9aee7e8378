"""A change of the curriculum, of a synonym or an alias is understood at once, in every process."""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from cms.taxonomy.models import Chapter, Edition, Grade, KnowledgePoint, Library, Stage, Subject, Textbook
from search.models import Alias, Synonym
from search.vocabulary import renew

WORDS = (Stage, Grade, Subject, Edition, Textbook, Chapter, KnowledgePoint, Library, Synonym, Alias)


def words_changed(sender: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        renew()


for model in WORDS:  # of every model, Django would read all rows that it deletes, whatever their table
    receiver([post_save, post_delete], sender=model)(words_changed)


@receiver(m2m_changed, sender=Subject.stages.through)
def taught_elsewhere(sender: Any, **kwargs: Any) -> None:
    renew()
