"""One clear sentence for everything the search wing refuses."""

from django.utils.translation import gettext as _

from search.errors import SearchError


def sentence(error: SearchError) -> str:
    """What a person is told."""
    return {
        "search_timeout": _("这次检索用时太长，已停止。请减少词语或筛选条件后再试。"),
        "rebuild_running": _("索引正在重建，请等它完成。"),
        "nothing_to_roll_back_to": _("没有可以退回的旧索引。"),
    }.get(error.code, _("检索暂时不可用，作品和空间不受影响。请稍后再试。"))
