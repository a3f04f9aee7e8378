"""One clear sentence for everything the sharing room refuses."""

from django.utils.translation import gettext as _

from workflows.sharing.errors import SharingError


def sentence(error: SharingError) -> str:
    """What a person is told."""
    return {
        "scope_too_wide": _("共享范围不能超过评审这件作品的层级，也不能超出您管理的范围，请选择更小的范围。"),
        "scope_closed": _("这个机构已经停用，请选择别的范围。"),
        "licence_not_open": _("作者选择的许可不允许向访客开放。可以共享给本地区，或请作者改用开放许可。"),
        "already_shared": _("这个范围的人都已经能看到这件作品，不用重复共享。"),
        "not_published": _("作品还没有发布，或已经下架。"),
        "recall_without_reason": _("请写明收回共享的原因，作者会看到。"),
        "own_work": _("这是您自己的作品，不用选用，在“我的作品”里就能找到。"),
        "not_shared": _("这件作品还没有共享，或共享已经收回。请先共享，再推荐。"),
        "audience_out_of_reach": _("只能推荐给您所在的机构和它的下级机构，请重新选择机构。"),
        "audience_cannot_see": _("%s的人还看不到这件作品。请先把它共享到那里（或请发布员共享），再推荐。")
        % getattr(error, "organisation", ""),
        "already_recommended": _("%s已经把这件作品推荐给这些人了。要改推荐理由，请先在“推荐记录”里撤回原来的。")
        % getattr(error, "source", ""),
        "licence_forbids_change": _("作者选择的许可不允许改编。可以选用原作品。"),
    }[error.code]
