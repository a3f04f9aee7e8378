"""What the demo prints when it is ready: the accounts, and six things to try."""

from __future__ import annotations

import unicodedata

ROLE_NAMES = {
    "teacher": "教师",
    "school_reviewer": "校级审核员",
    "expert": "评审专家",
    "review_manager": "评审管理员",
    "publisher": "发布员",
    "editor": "栏目编辑",
    "administrator": "管理员",
    "operator": "运维人员",
    "pupil": "学生",
    "parent": "家长",
}

TO_TRY = (
    (
        "不登录，打开首页，在搜索框里输入“分数”，再按学段和学科缩小范围。",
        "Not signed in: search for 分数 on the first page, then narrow it by stage and subject.",
    ),
    (
        "用 teacher 登录，进入工作台，新建一份教学资源；它会自己保存，右侧的清单告诉您还缺什么。",
        "As teacher: begin a resource in the workbench; it saves itself, the checklist names what is missing.",
    ),
    (
        "提交后，用 reviewer 登录，在待办里审核它，通过，或写明意见退回。",
        "Submit it; as reviewer pass it, or return it with a comment.",
    ),
    (
        "用 manager 指派专家，再用 expert1、expert2 打分：够了人数，结论由规则得出。",
        "As manager assign experts; as expert1 and expert2 score it: the verdict follows by rule.",
    ),
    (
        "用 publisher 把已发布的作品共享到全区，再用 teacher 看收件箱，选用一份同行的作品。",
        "As publisher share a published work with the county; as teacher adopt one from the inbox.",
    ),
    (
        "用 pupil 登录，学一节微课；再用 parent 看孩子学到了哪里。",
        "As pupil take a lesson; as parent see how far your child went.",
    ),
)


def welcome(address: str, accounts: list[dict[str, str]], *, search: str = "") -> str:
    """search: the address of the Elasticsearch that was started with the demo."""
    rows = [("角色", "用户名", "密码", "机构")]
    rows += [
        (ROLE_NAMES[account["role"]], account["username"], account["password"], account["organisation"])
        for account in accounts
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines += ["", "试一试 Things to try"]
    for number, (chinese, english) in enumerate(TO_TRY, 1):
        lines += [f"  {number}. {chinese}", f"     {english}"]
    if search:
        lines += [
            "",
            f"检索由 Elasticsearch 回答：{search}/_cat/indices?v。结束它（kill -9），搜索由内嵌索引接着回答；",
            "它半分钟后重新启动，一分钟内补上这期间的改动。 (Kill it: search goes on, and catches up when it is back.)",
        ]
    lines += [
        "",
        f"网站 {address}/    工作台 {address}/admin/    接口 {address}/api/v1/docs    按 Ctrl-C 结束 (Ctrl-C ends it)",
    ]
    return "\n".join(lines)


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
