"""An interest whose words hold blanks or signs ("pH-值") is filed by them squeezed, where a work is looked up now."""

from django.db import migrations

from cms.spaces.profiles import Profile, squeezed

AT_ONCE = 2_000  # rows
PUSH_PAST = "push.interest"  # the engine takes the interest anew, and what was shared before is looked at again


def file_again(apps, schema_editor):
    Interest = apps.get_model("spaces", "Interest")
    Message = apps.get_model("outbox", "Message")
    asked = Interest.objects.exclude(pair="").order_by("pk")
    last = 0
    while batch := list(asked.filter(pk__gt=last).only("pair", "word", "words")[:AT_ONCE]):
        for interest in batch:
            profile = Profile(words=interest.words)
            if any(squeezed(word) != word for word in interest.words):
                Interest.objects.filter(pk=interest.pk).update(pair=profile.pair, word=profile.word)
                Message.objects.create(topic=PUSH_PAST, ref=str(interest.pk))
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("spaces", "0011_unwanted_interests"), ("outbox", "0002_oldest_waiting")]

    operations = [migrations.RunPython(file_again, migrations.RunPython.noop)]
