"""One clear sentence for everything the spaces refuse."""

from django.utils.translation import gettext as _

from cms.spaces.errors import SpaceError


def sentence(error: SpaceError) -> str:
    """What a person is told."""
    return {
        "not_your_space": _("您不能管理这个空间。"),
        "following_yourself": _("不用关注自己，请选择其他作者或空间。"),
        "empty_interest": _("请至少选择学段、学科、年级、版本、机构中的一项。"),
        "interest_mismatch": _("所选的年级或学科不属于这个学段，请重新选择。"),
        "pupils_have_no_subject": _("学生不分学科：请去掉学科，或改为推荐给教师。"),
        "too_many_interests": _("一个空间最多关注 %d 组内容，请先去掉不需要的。") % getattr(error, "most", 0),
        "introduction_too_long": _("简介最多 %d 个字，请缩短后再保存。") % getattr(error, "most", 0),
        "too_many_follows": _("一个空间最多关注 %d 位作者和空间，请先取消不需要的。") % getattr(error, "most", 0),
    }[error.code]
