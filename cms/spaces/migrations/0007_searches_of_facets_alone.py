"""A saved search that asks for facets alone is another interest than the same facets chosen by hand."""

from django.db import migrations

from cms.spaces.profiles import Profile

COLUMNS = ("stage", "subject", "grade", "edition")


def tell_apart(apps, schema_editor):
    Interest = apps.get_model("spaces", "Interest")
    for row in Interest.objects.exclude(filters={}).select_related("organisation").order_by("pk").iterator():
        facets = {name: [str(getattr(row, f"{name}_id"))] for name in COLUMNS if getattr(row, f"{name}_id")}
        if row.organisation is not None:
            facets["place"] = [row.organisation.path]
        profile = Profile(facets={**facets, **row.filters}, words=row.words)
        Interest.objects.filter(pk=row.pk).update(digest=profile.search_digest, key=profile.key)


class Migration(migrations.Migration):
    dependencies = [("spaces", "0006_audiences")]

    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
