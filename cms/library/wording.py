"""One clear sentence for everything the library refuses."""

from django.utils.translation import gettext as _

from cms.library.errors import FileRefused, LibraryError

MEGABYTE = 1024 * 1024


def file_sentence(error: FileRefused) -> str:
    """Why a file was not stored, and what to do."""
    facts = error.facts
    sentences = {
        "empty": _("这个文件是空的，请重新选择。"),
        "too_large": _("文件超过 %d MB，请压缩后再上传。") % (int(str(facts.get("most", 0))) // MEGABYTE),
        "dangerous": _("这是程序或脚本，或压缩包里含有程序，不能上传。"),
        "macros": _("文件里含有宏，请另存为不含宏的格式后再上传。"),
        "encrypted": _("文件设有密码，请去掉密码后再上传。"),
        "broken": _("文件打不开，可能已损坏，请检查后重新上传。"),
        "unknown_type": _("不支持这种文件。可以上传文档、图片、音频、视频、字幕（vtt、srt）和 zip 压缩包。"),
        "mislabelled": _("文件内容与扩展名不符：内容应为 .%(right)s，名称却是 .%(ending)s。请改正扩展名或重新导出。")
        % {"right": facts.get("right", ""), "ending": facts.get("ending", "")},
        "no_ending": _("文件名没有扩展名。请在名称末尾加上“.%s”，再上传。") % facts.get("right", ""),
        "zip_bomb": _("压缩包展开后过大，请拆分后再上传。"),
        "too_many_pixels": _("图片尺寸过大，请缩小到 6000 万像素以内再上传。"),
        "bad_captions": _("字幕文件里没有可以识别的字幕，请检查时间轴格式。"),
        "unread_cues": _("字幕文件里有 %s 条字幕读不出来，请检查时间轴格式后再上传。") % facts.get("count", ""),
        "disk_full": _("服务器存储空间已满，文件没有保存。请联系管理员，稍后再试。"),
        "storage_unavailable": _("服务器暂时无法保存文件。请联系管理员，稍后再试。"),
        "missing": _("请选择要上传的文件。"),
    }
    return sentences[error.code]


def sentence(error: LibraryError) -> str:
    """What a person is told of any refusal of the library."""
    if isinstance(error, FileRefused):
        return file_sentence(error)
    return {
        "work_locked": _("作品正在评审，内容暂时不能修改。作者可以先撤回，修改后再提交。"),
        "revision_changed": _("作品在别处已经改过。请先取回最新内容，再把您的修改合并进去。"),
        "seal_broken": _("送审版本的内容与封存时不一致，已停止发布。请联系管理员。"),
    }[error.code]
