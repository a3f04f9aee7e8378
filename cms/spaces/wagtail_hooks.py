"""What spaces add to the home page: where administrators and operators begin, and the newest of the inbox."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.library.cards import cards_of
from cms.library.sections import Section
from cms.people.enums import LEARNERS, Role
from cms.people.models import User
from cms.people.queries import standing
from cms.spaces.actions import ensure_personal_space
from cms.spaces.inbox import inbox_page, pushed_number
from cms.spaces.queries import has_chosen
from cms.spaces.unseen import said, unseen_count

SHOWN = 4  # of the newest of the inbox


class ToCareFor(Section):
    """The screens of who cares for people or for the installation: without this they would meet an empty home."""

    template_name = "spaces/home_care.html"
    order = 5

    def context(self) -> dict[str, Any] | None:
        who = standing(self.request.user)
        links = []
        if who.organisations(Role.ADMINISTRATOR):
            links += [
                ("upload", _("导入名册"), _("用 Excel 一次登记老师、学生和家长"), reverse("people_admin:roster")),
                ("people", _("人员名单"), _("查人、改角色、重设密码"), reverse("people_admin:list")),
            ]
        if self.request.user.has_perm("outbox.operate"):
            text = _("后台任务：什么在等、什么没办成、重试")
            links.append(("envelope", _("发件箱"), text, reverse("outbox:overview")))
        if links:
            links.append(("gear", _("工作台"), _("全部管理页面"), reverse("wagtailadmin_home")))
        return {"links": links} if links else None


class NewInInbox(Section):
    """The newest works that came, as the inbox shows them first, and how many are new."""

    template_name = "spaces/home_inbox.html"
    order = 30

    def context(self) -> dict[str, Any] | None:
        user = self.request.user
        if not isinstance(user, User):
            return None
        space = ensure_personal_space(user)
        everything = not has_chosen(space)  # as the inbox opens
        items = inbox_page(space, user, limit=SHOWN, tiers=everything)
        cards = cards_of([item.work for item in items], self.request)
        for card, item in zip(cards, items, strict=True):
            card.update(why=item.why, at=item.at)
        return {
            "cards": cards,
            "new": said(unseen_count(space, user)),
            "chosen": not everything,
            "pushed": pushed_number(space, user) if everything and cards else "",
        }


@hooks.register("construct_home_page")
def what_came(components: list[Any], request: HttpRequest) -> None:
    components.append(ToCareFor(request))
    roles = {membership.role for membership in standing(request.user).memberships}
    if roles - LEARNERS:  # whoever only learns has a home that is about courses
        components.append(NewInInbox(request))
