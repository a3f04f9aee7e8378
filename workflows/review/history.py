"""The history of a work in plain words (S102): who did what, when, from which state, with which version.

Made from the audit log. Whoever may not know the experts reads 专家一, 专家二; whoever only sees the published work
reads only what happened in public.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cms.audit.models import Entry
from cms.audit.queries import history
from cms.library.models import Work
from cms.library.models.work import inside
from cms.people.queries import Anybody
from workflows.review import rules
from workflows.review.enums import State, Verdict
from workflows.review.models import Assignment, Round, Submission
from workflows.review.pupils import unnamed

PUBLIC = frozenset({"submission:publish", "submission:share", "submission:supersede", "submission:retire"})
"""What everybody may read who may see the work."""

OF_PUPILS = frozenset({"submission:note", "adoption:adopt", "adoption:end"})
"""What pupils and parents may have done, too."""


@dataclass(frozen=True)
class Line:
    """One line of the history, as the theme's timeline takes it."""

    at: datetime
    who: str
    text: str
    state: str
    note: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Reader:
    """What this reader may know: everything, or everything but who the experts are, or the public part.

    named_in submissions (uuid) whose experts this reader may know by name: those of their own office, not of another
    masks    (submission uuid, user id) -> 专家一, for readers who may not know the names; the reader is 您
    closed   (submission uuid, round) of rounds that are over: what was said in them is no secret any more
    judging  (submission uuid, round) that this reader has yet to judge as an expert
    unnamed  user id -> 一位学生, of pupils and parents for readers from elsewhere
    """

    public_only: bool
    named_in: frozenset[str]
    masks: Mapping[tuple[str, int], str]
    closed: frozenset[tuple[str, int]]
    unnamed: Mapping[int, str] = field(default_factory=dict)
    judging: frozenset[tuple[str, int]] = frozenset()


def entries_of(work: Work, *, public_only: bool = False) -> "QuerySet[Entry]":
    """What happened with one work, newest first."""
    entries = history("library.work", work.uuid)
    return entries.filter(verb__in=PUBLIC) if public_only else entries


def lines_for(
    work: Work, user: Anybody, *, public_only: bool = False, entries: Iterable[Entry] | None = None
) -> list[Line]:
    """The history of one work for one reader, or `entries` of it: a handful of queries, whatever its length."""
    submissions = list(
        Submission.objects.filter(work=work.pk)
        .select_related("work", "organisation", "decider")
        .prefetch_related("work__coauthors")
    )
    named_in = frozenset(str(each.uuid) for each in submissions if rules.allows(user, "name_experts", each))
    entries = list(entries_of(work, public_only=public_only) if entries is None else entries)
    named = [entry.actor_id for entry in entries if entry.verb in OF_PUPILS and entry.actor_id is not None]
    reader = Reader(
        public_only=public_only,
        named_in=named_in,
        masks={} if len(named_in) == len(submissions) else masks_of(submissions, user),
        closed=_closed_rounds(submissions),
        unnamed=unnamed(named, work.organisation_id, user),
        judging=frozenset(
            (str(each.uuid), each.round_number) for each in submissions if rules.allows(user, "review", each)
        ),
    )
    return [line(entry, reader) for entry in entries]


def masks_of(submissions: Iterable[Submission], user: Anybody) -> dict[tuple[str, int], str]:
    """专家一, 专家二 … in the order in which they were first asked within each submission."""
    numbers: dict[str, int] = {}
    found: dict[tuple[str, int], str] = {}
    asked = Assignment.objects.filter(round__submission__in=list(submissions)).order_by("id")
    for uuid, expert in asked.values_list("round__submission__uuid", "expert"):
        key = (str(uuid), expert)
        if key not in found:
            number = numbers[key[0]] = numbers.get(key[0], 0) + 1
            found[key] = _("您") if expert == user.pk else numbered(number)
    return found


def numbered(number: int) -> str:
    """专家一 to 专家十, then 专家11."""
    numerals = _("一 二 三 四 五 六 七 八 九 十").split()
    return _("专家%s") % (numerals[number - 1] if number <= len(numerals) else number)


def line(entry: Entry, reader: Reader) -> Line:
    """One entry in words. A verb that is not in the table is still told, by its name."""
    sentence = SENTENCES.get(entry.verb)
    text = sentence(entry, reader) if sentence else _("进行了一项操作（%s）") % entry.verb
    return Line(
        at=entry.at,
        who=_who(entry, reader),
        text=text,
        state=_tone(entry),
        note="" if reader.public_only and entry.verb != "submission:retire" else str(entry.data.get("comment", "")),
        version=entry.version,
    )


def _who(entry: Entry, reader: Reader) -> str:
    if entry.actor is None:
        return _("评审规则") if entry.verb in BY_RULE else _("系统")
    if reader.public_only:
        return ""
    if entry.verb == "submission:review" and _submission(entry) not in reader.named_in:
        return reader.masks.get((_submission(entry), entry.actor_id or 0), _("专家"))
    if entry.verb in OF_PUPILS:
        return reader.unnamed.get(entry.actor_id or 0, str(entry.actor))
    return str(entry.actor)


def _submission(entry: Entry) -> str:
    return str(entry.data.get("submission", ""))


def _tone(entry: Entry) -> str:
    if entry.verb == "submission:return_to_author":
        return "returned"
    return entry.to_state or {"submission:review": "expert_review", "submission:assign_experts": "expert_review"}.get(
        entry.verb, ""
    )


def _closed_rounds(submissions: Iterable[Submission]) -> frozenset[tuple[str, int]]:
    rows = Round.objects.filter(submission__in=list(submissions), closed_at__isnull=False)
    return frozenset((str(uuid), number) for uuid, number in rows.values_list("submission__uuid", "number"))


# --- verb -> sentence -----------------------------------------------------------------------------------------------

BY_RULE = frozenset({"submission:publish", "submission:return_to_author", "submission:reject"})

Sentence = Callable[[Entry, Reader], str]


def _said(text: str, *facts: str) -> Sentence:
    """A sentence with facts of the entry in it, by name; of a title what stands between 《》."""

    def say(entry: Entry, reader: Reader) -> str:
        told = {name: str(entry.data.get(name, "")) for name in facts}
        if "title" in told:
            told["title"] = inside(told["title"])
        return _(text) % told if facts else _(text)

    return say


def _submitted(entry: Entry, reader: Reader) -> str:
    number = entry.data.get("round", 1)
    if number == 1:
        return _("提交校级审核")
    return _("修改后再次提交校级审核（第 %d 轮）") % number


def _returned(entry: Entry, reader: Reader) -> str:
    return {
        State.SCHOOL_REVIEW: _("校级审核：退回修改"),
        State.TRIAL: _("校内试用：退回修改"),
        State.EXPERT_REVIEW: _("专家评审：退回修改"),
    }.get(State(entry.from_state), _("退回修改"))


def _rejected(entry: Entry, reader: Reader) -> str:
    return _("专家评审：不通过") if entry.from_state == State.EXPERT_REVIEW else _("校级审核：不通过")


def _passed(entry: Entry, reader: Reader) -> str:
    return _("校内试用结束，送专家评审") if entry.from_state == State.TRIAL else _("校级审核通过，送专家评审")


def _assigned(entry: Entry, reader: Reader) -> str:
    names = entry.data.get("experts", [])
    if _submission(entry) in reader.named_in:
        return _("请 %s 评审") % _("、").join(names)
    return _("指派了 %d 位专家") % len(names)


def _reviewed(entry: Entry, reader: Reader) -> str:
    this_round = (_submission(entry), entry.data.get("round", 0))
    if this_round not in reader.closed and (this_round in reader.judging or _submission(entry) not in reader.named_in):
        return _("提交了评审意见")
    verdict = entry.data.get("verdict", "")
    label = Verdict(verdict).label if verdict in Verdict.values else verdict
    total = str(entry.data.get("total") or "")
    points = total.rstrip("0").rstrip(".") if "." in total else total
    return _("评审：%(verdict)s，得分 %(total)s") % {"verdict": label, "total": points}


def _published(entry: Entry, reader: Reader) -> str:
    return _("专家评审通过，第 %d 版发布") % (entry.version or 1)


def _shared(entry: Entry, reader: Reader) -> str:
    if entry.actor is None:
        return _("新版本沿用原有共享：%s") % entry.data.get("scope", "")
    return _("共享到%s") % entry.data.get("scope", "")


def _adopted(entry: Entry, reader: Reader) -> str:
    return _("选用到%(space)s") % {"space": _space(entry, reader)}


def _given_up(entry: Entry, reader: Reader) -> str:
    return _("从%(space)s停用") % {"space": _space(entry, reader)}


def _space(entry: Entry, reader: Reader) -> str:
    """That of a person bears the name."""
    return _("个人空间") if entry.actor_id in reader.unnamed else str(entry.data.get("space", ""))


SENTENCES: dict[str, Sentence] = {
    "submission:submit": _submitted,
    "submission:note": _said(gettext_noop("留下试用意见")),
    "submission:begin_trial": _said(gettext_noop("校级审核通过，开始校内试用")),
    "submission:pass_to_experts": _passed,
    "submission:return_to_author": _returned,
    "submission:reject": _rejected,
    "submission:withdraw": _said(gettext_noop("撤回送审")),
    "submission:assign_experts": _assigned,
    "submission:review": _reviewed,
    "submission:publish": _published,
    "submission:share": _shared,
    "submission:unshare": _said(gettext_noop("收回最后一处共享，作品只在本校可见")),
    "submission:supersede": _said(gettext_noop("新版本通过评审，这一版由新版取代")),
    "submission:retire": _said(gettext_noop("下架作品")),
    "share:recall": _said(gettext_noop("收回到%(scope)s的共享"), "scope"),
    "share:close": _said(gettext_noop("新版本的使用许可不允许公开，不再向未登录访客开放")),
    "share:recommend": _said(gettext_noop("推荐给%(audience)s"), "audience"),
    "share:withdraw_recommendation": _said(gettext_noop("撤回给%(audience)s的推荐"), "audience"),
    "adoption:adopt": _adopted,
    "adoption:end": _given_up,
    "work:remix": _said(gettext_noop("改编出一件新作品")),
    "work:adapt": _said(gettext_noop("由《%(title)s》第 %(of_version)s 版改编而来"), "title", "of_version"),
    "work:add_coauthor": _said(gettext_noop("邀请%(person)s合作"), "person"),
    "work:remove_coauthor": _said(gettext_noop("%(person)s退出合作"), "person"),
    "work:delete": _said(gettext_noop("删除草稿《%(title)s》"), "title"),
}
