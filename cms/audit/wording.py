"""What the log tells of everything but works, in plain words. Works have a history of their own, with its own readers.

One table for all rooms: a verb is a string, so nothing is imported; a test holds it against what the rooms record.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from cms.audit.models import Entry

SENTENCES: dict[str, str] = {
    "account:activate": _("启用了账号"),
    "account:appoint_first": _("在服务器上建立了账号，设为%(organisation)s的第一位管理员"),
    "account:deactivate": _("停用了账号"),
    "account:first_password": _("重新发了初始密码"),
    "account:findable": _("同意同行在检索中找到自己"),
    "account:not_findable": _("不再同意同行在检索中找到自己"),
    "account:password_change": _("换了自己的密码"),
    "account:password_reset": _("重设了密码，解除了登录锁定"),
    "account:profile": _("改了任教信息：%(profile)s"),
    "account:second_factor_removed": _("解除了两步验证"),
    "guardianship:end": _("结束了监护关系：%(guardian)s"),
    "membership:end": _("结束了任职：%(role)s · %(organisation)s"),
    "token:issue": _("新建了接口令牌“%(name)s”"),
    "token:revoke": _("吊销了接口令牌“%(name)s”"),
    "people:forget_identities": _("清除了 %(count)s 人的身份标识"),
    "roster:add": _("按名册建立了账号（%(organisation)s）：%(changes)s"),
    "roster:change": _("按名册作了更改（%(organisation)s）：%(changes)s"),
    "roster:import": _("导入了名册：新增 %(new)s 人，更新 %(changed)s 人，跳过 %(left_out)s 行"),
    "space:add_interest": _("空间开始关注 %(interest)s"),
    "space:remove_interest": _("空间不再关注 %(interest)s"),
    "space:introduce": _("改了空间的简介"),
    "space:follow": _("空间开始关注%(whom)s"),
    "space:unfollow": _("空间取消关注%(whom)s"),
    "expert:add": _("把%(person)s加入专家库"),
    "expert:change": _("改了%(person)s在专家库里的信息"),
    "expert:leave": _("把%(person)s移出专家库"),
    "policy:add": _("新增评审办法：%(title)s"),
    "policy:change": _("修改评审办法：%(title)s"),
    "policy:remove": _("删除没有用过的评审办法：%(title)s"),
    "rubric:add": _("新增评分标准：%(title)s"),
    "rubric:change": _("修改评分标准：%(title)s"),
    "rubric:remove": _("删除没有用过的评分标准：%(title)s"),
    "standard:set": _("新增完整性要求的版本：%(kind)s"),
    "tariff:add": _("新增积分标准：%(title)s"),
    "outbox:retry": _("重试失败的后台任务：%(topics)s"),
}


class _Known(dict[str, Any]):
    """Facts by name; one that an entry has not is a dash."""

    def __missing__(self, name: str) -> str:
        return "—"


def told(entry: Entry, facts: Mapping[str, Any] | None = None) -> str:
    """One entry as a sentence without its subject; `facts` go before what the entry holds.

    A verb that is not in the table is still told, by its name.
    """
    sentence = SENTENCES.get(entry.verb)
    if sentence is None:
        return gettext("进行了一项操作（%s）") % entry.verb
    return gettext(sentence) % _Known({**entry.data, **(facts or {})})
