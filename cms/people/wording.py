"""The room's refusals in plain Chinese."""

from django.utils.translation import gettext as _

from cms.people.errors import PeopleError, RosterHasProblems


def sentence(error: PeopleError) -> str:
    """One clear sentence for an error of this room."""
    if isinstance(error, RosterHasProblems):
        return _("还有 %d 行有问题，没有导入任何人。请改好后重新上传，或选择只导入无误的行。") % error.wrong
    sentences = {
        "nothing_to_import": _("没有可以导入的人员：名册里无误的行，系统里都已经一致。"),
        "roster_changed": _("刚刚有人同时改动了这些人员，没有导入任何人。请重新检查一次。"),
        "unknown_curriculum": _("所选的学科或年级不属于这个学段，请重新选择。"),
    }
    return sentences.get(error.code, _("这件事没有办成，请稍后再试。"))
