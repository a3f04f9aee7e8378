"""What the gallery shows: works, seals, histories and files of a made-up province, with words as they will be."""

import datetime as dt
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import mark_safe


def ago(days: float) -> dt.datetime:
    return timezone.localtime() - dt.timedelta(days=days)


def line(**parts: tuple[str, str]) -> list[dict[str, str]]:
    """A curriculum line: of each part its word, and the value by which search knows it."""
    return [{"label": label, "name": name, "value": value} for name, (label, value) in parts.items()]


CURRICULUM = line(
    stage=("小学", "primary"),
    subject=("数学", "math"),
    grade=("三年级上册", "3a"),
    edition=("人教版", "pep"),
    chapter=("第八单元 分数的初步认识", "3a-8"),
)
CHINESE = line(
    stage=("初中", "junior"), subject=("语文", "chinese"), grade=("七年级上册", "7a"), edition=("统编版", "unified")
)
ENGLISH = line(stage=("高中", "senior"), subject=("英语", "english"), grade=("必修第一册", "b1"))
MORAL = line(stage=("小学", "primary"), subject=("道德与法治", "moral"), grade=("五年级下册", "5b"))
SCIENCE = line(
    stage=("初中", "junior"), subject=("科学", "science"), grade=("八年级上册", "8a"), edition=("浙教版", "zj")
)

LADDER = [
    {"tier": "province", "label": "浙江省", "url": "#province"},
    {"tier": "city", "label": "杭州市", "url": "#city"},
    {"tier": "county", "label": "西湖区", "url": "#county"},
    {"tier": "school", "label": "文三街小学"},
]


def steps(*states: str, **more: dict[str, Any]) -> list[dict[str, Any]]:
    keys = ["draft", "school_review", "expert_review", "published", "shared"]
    return [{"key": key, "state": state, **more.get(key, {})} for key, state in zip(keys, states, strict=True)]


def paths() -> list[dict[str, Any]]:
    written = {"who": "沈若兰", "since": ago(12)}
    passed = {"who": "文三街小学教导处", "since": ago(9)}
    return [
        {"title": "刚写好", "path": {"steps": steps("current", "todo", "todo", "todo", "todo", draft=written)}},
        {
            "title": "专家评审，时间宽裕",
            "path": {
                "steps": steps(
                    "done",
                    "done",
                    "current",
                    "todo",
                    "todo",
                    draft=written,
                    school_review=passed,
                    expert_review={"who": "西湖区教研室 3 位专家", "since": ago(3), "due": ago(-4)},
                ),
                "note": "已有 1 位专家打分，2 位打分后按规则得出结论。",
            },
        },
        {
            "title": "学校审核，已经逾期",
            "path": steps(
                "done",
                "current",
                "todo",
                "todo",
                "todo",
                draft=written,
                school_review={"who": "文三街小学教导处", "since": ago(9), "due": ago(2)},
            ),
        },
        {
            "title": "校内试用",
            "path": [
                {"key": "draft", "state": "done", **written},
                {"key": "trial", "state": "current", "who": "三年级数学组", "since": ago(6), "due": ago(-1)},
                *steps("done", "done", "todo", "todo", "todo")[2:],
            ],
        },
        {
            "title": "退回修改",
            "path": {
                "steps": [
                    {"key": "returned", "state": "stopped", "who": "沈若兰", "since": ago(1)},
                    *steps("done", "todo", "todo", "todo", "todo")[1:],
                ],
                "note": "西湖区教研室：第 7 课的字幕和画面差了三秒，请校准后再交。",
            },
        },
        {
            "title": "走完五步",
            "path": steps(
                "done",
                "done",
                "done",
                "done",
                "done",
                draft=written,
                school_review=passed,
                expert_review={"who": "西湖区教研室", "since": ago(5)},
                published={"since": ago(4)},
                shared={"who": "共享到杭州市", "since": ago(2)},
            ),
        },
    ]


SEAL = {
    "tier": "province",
    "organisation": "浙江省教研室",
    "at": dt.datetime(2026, 11, 18, 10, 20, tzinfo=dt.UTC),
    "rubric": "微课程评审标准（2026 版）",
    "version": 2,
    "url": "#history",
}


def seals() -> list[dict[str, Any]]:
    return [
        SEAL,
        {**SEAL, "tier": "city", "organisation": "杭州市教育科学研究院"},
        {**SEAL, "tier": "county", "organisation": "西湖区教研室"},
        {**SEAL, "tier": "school", "organisation": "文三街小学", "rubric": ""},
    ]


def cards() -> list[dict[str, Any]]:
    return [
        {
            "title": "分一分，说一说：分数的初步认识（十八课微课程）",
            "url": "#card-1",
            "kind": "micro_course",
            "curriculum": CURRICULUM,
            "author": "沈若兰",
            "author_url": "#author",
            "school": "杭州市文三街小学",
            "seal": SEAL,
            "adoptions": 12864,
            "excerpt": mark_safe("第 3 课“平均<mark>分</mark>”里讲到<mark>分数</mark>的读法和写法；任务单第 2 题"),
        },
        {
            "title": "《从百草园到三味书屋》比较阅读：两个空间，一种童年",
            "url": "#card-2",
            "kind": "resource",
            "kind_label": "教学设计",
            "curriculum": CHINESE,
            "author": "周望舒",
            "school": "绍兴市鲁迅中学",
            "seal": {**SEAL, "tier": "city"},
            "adoptions": 342,
        },
        {
            "title": "用热成像看见“热胀冷缩”：三次追问，以及一个农村初中实验室三年的改造记录和照着做的清单",
            "url": "#card-3",
            "kind": "case_study",
            "curriculum": SCIENCE,
            "author": "欧阳思远",
            "school": "丽水市莲都区花园中学",
            "seal": {**SEAL, "tier": "school"},
            "adoptions": 0,
        },
        {
            "title": "小学道德与法治法治专册的议题式教学研究",
            "url": "#card-4",
            "kind": "research_outcome",
            "curriculum": MORAL,
            "author": "吉春燕",
            "school": "宁波市海曙区教研室",
        },
    ]


def own_cards() -> list[dict[str, Any]]:
    first, second, third, fourth = cards()
    keep = ("title", "url", "kind", "curriculum")
    return [
        {**{k: first[k] for k in keep}, "state": "expert_review", "path": paths()[1]["path"]["steps"]},
        {**{k: second[k] for k in keep}, "state": "returned", "at": ago(0.1), "at_label": "退回于"},
        {**{k: third[k] for k in keep}, "state": "school_review", "due": ago(2), "author": "欧阳思远"},
        {**{k: fourth[k] for k in keep}, "state": "published", "adoptions": 9999},
    ]


def course_cards() -> list[dict[str, Any]]:
    first = cards()[0]
    return [
        {
            **first,
            "excerpt": "",
            "cover": static("theme/gallery/fractions.svg"),
            "progress": 5 / 18,
            "progress_label": "5 / 18 课",
        },
        {
            **cards()[1],
            "kind": "micro_course",
            "kind_label": "",
            "cover": static("theme/gallery/garden.svg"),
            "progress": 1,
            "progress_label": "学完",
        },
        {
            **first,
            "excerpt": "",
            "title": "英语语音微课：听得见的连读",
            "curriculum": ENGLISH,
            "seal": None,
            "progress": 0,
        },
    ]


FACETS: list[dict[str, Any]] = [
    {
        "name": "stage",
        "label": "学段",
        "options": [
            {"value": "pre", "label": "学前", "count": 214},
            {"value": "primary", "label": "小学", "count": 12864, "selected": True},
            {"value": "junior", "label": "初中", "count": 8120},
            {"value": "senior", "label": "高中", "count": 5406},
            {"value": "vocational", "label": "中职", "count": 731},
        ],
    },
    {
        "name": "tier",
        "label": "层级",
        "options": [
            {"value": "zj", "label": "浙江省", "count": 20118, "tier": "province"},
            {"value": "hz", "label": "杭州市", "count": 4302, "tier": "city", "depth": 1},
            {"value": "xh", "label": "西湖区", "count": 688, "tier": "county", "depth": 2, "selected": True},
            {"value": "wsj", "label": "文三街小学", "count": 41, "tier": "school", "depth": 3},
        ],
    },
    {
        "name": "subject",
        "label": "学科",
        "options": [
            {"value": str(n), "label": label, "count": count}
            for n, (label, count) in enumerate(
                [
                    ("语文", 3210),
                    ("数学", 2987),
                    ("英语", 2100),
                    ("科学", 1804),
                    ("道德与法治", 960),
                    ("音乐", 412),
                    ("美术", 398),
                    ("体育与健康", 377),
                    ("信息科技", 240),
                    ("劳动", 121),
                    ("综合实践活动", 88),
                ]
            )
        ],
    },
]

CHECKLIST = [
    {"label": "题目和简介", "done": True},
    {"label": "学段、学科、年级和章节", "done": True},
    {"label": "至少 18 课", "done": False, "url": "#lessons", "detail": "现在有 16 课"},
    {"label": "每课都有微视频", "done": False, "url": "#lesson-7", "detail": "第 7 课、第 12 课还没有视频"},
    {"label": "许可和原创声明", "done": True},
]


def history() -> list[dict[str, Any]]:
    return [
        {"at": ago(0.002), "who": "省教研室", "text": "把它共享到全省", "state": "shared", "version": 2},
        {
            "at": ago(0.2),
            "who": "评审小组",
            "text": "按 3 位专家的打分得出结论：通过，平均 91.3 分",
            "state": "published",
            "version": 2,
            "url": "#verdict",
        },
        {
            "at": ago(1),
            "who": "沈若兰",
            "role": "作者",
            "text": "改好后再次提交",
            "state": "expert_review",
            "version": 2,
        },
        {
            "at": ago(3),
            "who": "林晓岚",
            "role": "评审专家",
            "text": "退回修改",
            "state": "returned",
            "version": 1,
            "note": "第 7 课的字幕和画面差了三秒，请校准。\n任务单第 2 题的分数请改用图示。",
        },
        {"at": ago(9), "who": "文三街小学教导处", "text": "通过校级审核", "state": "school_review", "version": 1},
        {
            "at": dt.datetime(2025, 9, 1, 8, tzinfo=dt.UTC),
            "who": "沈若兰",
            "role": "作者",
            "text": "写下草稿",
            "state": "draft",
        },
    ]


def statement() -> list[dict[str, Any]]:
    rule = "积分规则 2026 年第 2 版"
    return [
        {
            "amount": 40,
            "reason": "您的作品通过省级专家评审并发布：",
            "cause": "《分一分，说一说》",
            "url": "#w",
            "rule": rule,
            "rule_url": "#rule",
            "at": ago(0.3),
            "balance": 12846,
        },
        {
            "amount": 5,
            "reason": "西湖区 1 个学科空间选用了",
            "cause": "《平均分的三种画法》",
            "url": "#w",
            "rule": rule,
            "at": ago(2),
            "balance": 12806,
        },
        {
            "amount": -5,
            "reason": "冲正：同一空间重复选用，见",
            "cause": "10月28日的一笔",
            "url": "#e",
            "rule": rule,
            "at": ago(8),
            "balance": 12801,
        },
        {
            "amount": 5,
            "reason": "文三街小学数学空间选用了",
            "cause": "《平均分的三种画法》",
            "url": "#w",
            "rule": rule,
            "at": ago(24),
            "undone": True,
        },
    ]


FILES: list[dict[str, Any]] = [
    {"name": "分数的初步认识 教学设计.docx", "size": 84_210, "pages": 6, "url": "#f", "download_url": "#d"},
    {"name": "第三课 平均分.pptx", "size": 6_820_113, "pages": 22, "url": "#f", "download_url": "#d"},
    {"name": "第三课 平均分.mp4", "size": 48_332_109, "duration": 492, "url": "#f", "download_url": "#d"},
    {"name": "学习任务单（学生用）.pdf", "size": 240_000, "pages": 2, "url": "#f", "download_url": "#d"},
    {
        "name": "一个名字很长很长没有空格的文件_2026_秋季学期_三年级数学_分数的初步认识_练习与答案_终稿_再改.xlsx",
        "size": 1_288_490_188,
        "state": "正在生成预览",
        "download_url": "#d",
        "remove_url": "#r",
    },
]
