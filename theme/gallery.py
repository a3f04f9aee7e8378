"""A page that shows every component in every state. For designers, engineers and tests.

`?colours=dark` and `?colours=light` hold one set of colours; otherwise the reader's own preference rules.
"""

from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static

from theme import pieces, samples
from theme.samples import ago


class Sample(forms.Form):
    title = forms.CharField(
        label="题目", max_length=80, initial="分一分，说一说", help_text="不超过 80 字；写清楚教什么。"
    )
    stage = forms.ChoiceField(label="学段", choices=[("", "请选择"), ("primary", "小学"), ("junior", "初中")])
    summary = forms.CharField(label="简介", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    licence = forms.ChoiceField(
        label="许可",
        widget=forms.RadioSelect,
        choices=[("cc-by", "署名（CC BY）"), ("province", "限省内教育使用")],
        help_text="别人怎样使用它，由您决定。",
    )
    file = forms.FileField(label="附件", required=False, help_text="单个文件不超过 500 MB。")
    own = forms.BooleanField(label="这是我的原创，引用的材料都注明了出处")


def gallery(request: HttpRequest) -> HttpResponse:
    pages = Paginator(range(4180), 20)
    refused = Sample({"title": "", "stage": "", "licence": "cc-by"}, prefix="refused")
    moments = [
        ("刚刚", ago(0.0001)),
        ("几分钟", ago(0.01)),
        ("几小时", ago(0.2)),
        ("昨天", ago(1)),
        ("前天", ago(2)),
        ("五天", ago(5)),
        ("上个月", ago(30)),
        ("去年", ago(400)),
    ]
    return render(
        request,
        "theme/gallery.html",
        {
            "colours": request.GET.get("colours", ""),
            "swatches": [
                "paper",
                "surface",
                "sunk",
                "line",
                "edge",
                "ink",
                "ink-soft",
                "primary",
                "primary-tint",
                "seal",
                "attention",
                "attention-tint",
            ],
            "kinds": list(pieces.KINDS),
            "states": list(pieces.STATES),
            "paths": samples.paths(),
            "seals": samples.seals(),
            "ladder_rungs": samples.LADDER,
            "curriculum": samples.CURRICULUM,
            "cards": samples.cards(),
            "own_cards": samples.own_cards(),
            "course_cards": samples.course_cards(),
            "facets": samples.FACETS,
            "checklist_items": samples.CHECKLIST,
            "checklist_done": [{**item, "done": True, "detail": ""} for item in samples.CHECKLIST],
            "history": samples.history(),
            "statement_lines": samples.statement(),
            "files": samples.FILES,
            "media": {
                "src": static("theme/gallery/lesson.mp4"),
                "title": "第 3 课 平均分",
                "duration": 492,
                "poster": static("theme/gallery/fractions.svg"),
                "captions": [{"src": static("theme/gallery/lesson.vtt"), "label": "中文字幕", "default": True}],
                "transcript_url": "#transcript",
            },
            "pages": [pages.page(1), pages.page(7), pages.page(pages.num_pages)],
            "form": Sample(prefix="fresh"),
            "refused": refused,
            "moments": moments,
            "numbers": [0, 986, 9999, 10_000, 12_864, 98_765, 123_456_789],
            "sizes": [820, 84_210, 6_820_113, 1_288_490_188],
            "spans": [48, 492, 3725],
            "said": [
                SimpleNamespace(level_tag="success", message="已提交校级审核。文三街小学教导处会在 5 个工作日内处理。"),
                SimpleNamespace(level_tag="info", message="这一页有新内容：您上次打开后，沈若兰改了第 3 课。"),
                SimpleNamespace(
                    level_tag="error", message="没有保存成功：文件超过 500 MB。您填的文字都还在，请换一个小一些的文件。"
                ),
            ],
        },
    )
