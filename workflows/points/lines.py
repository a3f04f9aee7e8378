"""A line of the statement in plain words. Pure: an entry with its tariff in, words out."""

from typing import Any

from django.utils.translation import gettext as _

from workflows.points.enums import Reason
from workflows.points.models import Entry


def line_of(entry: Entry, *, linked: bool, undone: bool) -> dict[str, Any]:
    """What the theme's statement line takes.

    linked   whoever reads may see the work: its title leads there
    undone   the entry was taken back later
    """
    return {
        "amount": entry.points,
        "reason": _reason(entry),
        "cause": entry.evidence.get("title", ""),
        "url": entry.work.get_absolute_url() if linked and entry.work is not None else "",
        "rule": _("积分标准第 %d 版") % entry.tariff.version,
        "at": entry.at,
        "undone": undone,
    }


def _reason(entry: Entry) -> str:
    """Why, in words that end where the title of the work follows."""
    facts = entry.evidence
    if entry.reverses_id is not None:
        return _("冲正（%(what)s）：%(why)s · ") % {"what": entry.get_reason_display(), "why": facts.get("why", "")}
    if entry.reason == Reason.REVIEWED:
        stage = {"school": _("校级审核"), "expert": _("专家评审")}.get(facts.get("stage", ""), _("评审"))
        return _("完成一次%s：") % stage
    if entry.reason == Reason.PUBLISHED:
        return _("第 %s 版发布：") % facts["version"] if facts.get("version") else _("作品发布：")
    if entry.reason == Reason.SHARED:
        return _("共享到%s：") % facts["scope"] if facts.get("scope") else _("作品共享：")
    if entry.reason == Reason.ADOPTED:
        return _("被“%s”选用：") % facts["space"] if facts.get("space") else _("作品被选用：")
    return _("%s：") % entry.get_reason_display()
