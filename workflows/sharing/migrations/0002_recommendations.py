"""Editors push shared works to audiences by hand."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0004_files_in_order'),
        ('organisations', '0001_initial'),
        ('sharing', '0001_initial'),
        ('spaces', '0006_audiences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('words', models.CharField(blank=True, max_length=100, verbose_name='推荐理由')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='推荐时间')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='spaces.audience')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='推荐机构')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='library.work')),
            ],
            options={
                'verbose_name': '推荐',
                'verbose_name_plural': '推荐',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['source', '-id'], name='recommendation_by_source')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('work', 'audience'), name='recommendation_once')],
            },
        ),
    ]
