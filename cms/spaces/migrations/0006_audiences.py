"""Audiences that editors choose; a delivery keeps who recommends it, and what for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('spaces', '0005_interests_by_word'),
        ('taxonomy', '0003_knowledge_in_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='source',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='words',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='reason',
            field=models.CharField(choices=[('interest', '符合空间的学科、学段和版本'), ('followed_author', '关注的作者'), ('followed_space', '关注的空间'), ('recommended', '编辑推荐'), ('tier', '上级推送')], max_length=20),
        ),
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=100, unique=True)),
                ('readers', models.CharField(choices=[('everybody', '所有人（含学生和家长）'), ('teacher', '教师'), ('pupil', '学生')], max_length=16, verbose_name='对象')),
                ('grade', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.grade')),
                ('organisation', models.ForeignKey(help_text='及其下级机构', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.stage')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.subject')),
            ],
            options={
                'verbose_name': '推荐对象',
                'verbose_name_plural': '推荐对象',
            },
        ),
    ]
