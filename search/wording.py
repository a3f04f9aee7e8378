"""One clear sentence for everything the search wing refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from search.documents import About
from search.errors import IndexUnavailable, SearchError
from search.finding import Chip, Read
from search.understanding.asking import Answer
from search.understanding.steps import Way

LATE = 5.0  # seconds after which people are told that a change has not reached the index


def sentence(error: SearchError) -> str:
    """What a person is told."""
    if isinstance(error, IndexUnavailable) and error.reason == "unfilled":
        return _("检索索引正在建立，作品和空间不受影响。请过几分钟再试。")
    return {
        "search_timeout": _("这次检索用时太长，已停止。请减少词语或筛选条件后再试。"),
        "rebuild_running": _("索引正在重建，请等它完成。"),
        "nothing_to_save": _("先输入要找的词或选一个条件，再保存。"),
        "no_name": _("请写一个看得见的名称。"),
        "nothing_to_follow": _("这个搜索里没有可以用来挑选作品的词或条件，不能关注。请换个词再保存。"),
        "no_longer_saved": _("这个搜索已经删除了，不用再操作。"),
        "too_many_followed": _("最多关注 %d 个保存的搜索，请先取消一个。") % getattr(error, "most", 0),
        "too_many_saved": _("保存的搜索已有 %d 个，请先删掉不用的。") % getattr(error, "most", 0),
        "nothing_to_roll_back_to": _("没有可以退回的旧索引。"),
        "too_old_to_roll_back_to": _("旧索引停用太久，它缺的改动已经查不全，不能退回。请重建索引。"),
    }.get(error.code, _("检索暂时不可用，作品和空间不受影响。请稍后再试。"))


def way_sentence(answer: Answer, read: Read, chips: Sequence[Chip] = ()) -> str:
    """How far the question was widened, in plain words, with what was given up for it and what still holds; nothing
    where it was answered as it was asked.

    read   what became of the conditions in the words
    chips  conditions chosen by hand
    """
    if not answer.understood.text:
        return ""
    if answer.way is Way.SOUND:
        return _("您是不是要找“%(meant)s”？没有找到您输入的词，下面是它的结果。") % {"meant": answer.sounds_like}
    if answer.sounds_like:
        meant = _("您是不是要找“%(meant)s”？") % {"meant": answer.sounds_like}
        return _after(meant, _widened_sentence(answer, read, chips))
    return _widened_sentence(answer, read, chips)


def _widened_sentence(answer: Answer, read: Read, chips: Sequence[Chip]) -> str:
    if answer.way is Way.PLAIN:
        said = _("按条件没有找到，下面按词语查找，不再限定从词语里读出的条件。")
        return _after(
            said, _("只当词语：%(texts)s。") % {"texts": _texts(read.given_up, read)} if read.given_up else ""
        )
    said = {
        Way.LOOSE: _("按全部条件没有找到。"),
        Way.TOPIC: _("没有找到同时含有全部词语的，下面是“%(names)s”的结果。")
        % {"names": _("、").join(answer.query.words)},
        Way.MOST: _("没有找到同时含有全部词语的，下面的结果含有其中大部分。"),
        Way.ANY: _("没有找到同时含有这些词语的，下面的结果至少含有其中一个。"),
        Way.FACETS: _facets_sentence(answer, read),
    }.get(answer.way, "")
    return _after(said, _given_up_sentence(read, chips) if said else "")


def _facets_sentence(answer: Answer, read: Read) -> str:
    if not read.given_up:
        return _("没有找到这些词语，下面是符合条件的全部结果。")
    if answer.understood.rest:
        return _("没有找到这些词语，按全部条件也没有。")
    return _("按全部条件没有找到。")


def _given_up_sentence(read: Read, chips: Sequence[Chip]) -> str:
    if not read.given_up:
        return ""
    said = {"given_up": _texts(read.given_up, read)}
    held = [*dict.fromkeys((*(chip.text for chip in read.held), *(chip.label for chip in (*read.wider, *chips))))]
    if not held:
        return _("去掉了：%(given_up)s；只按词语查找。") % said
    return _("去掉了：%(given_up)s；还按：%(held)s。") % {**said, "held": _("、").join(held)}


def _texts(given_up: Sequence[Chip], read: Read) -> str:
    """What was typed, each once; of what still holds in part (三上), the part that does not."""
    lost: dict[str, list[str]] = {}
    for chip in given_up:
        lost.setdefault(chip.text, []).append(chip.title)
    partly = {chip.text for chip in (*read.held, *read.given_up) if chip not in given_up}
    return _("、").join(
        _("%(text)s（%(part)s）") % {"text": text, "part": _("、").join(titles)} if text in partly else text
        for text, titles in lost.items()
    )


def _after(first: str, then: str) -> str:
    """Two sentences as one text."""
    return _("%(first)s%(then)s") % {"first": first, "then": then} if then else first


def answered_sentence(answer: Answer, read: Read, chips: Sequence[Chip], about: About) -> str:
    """Which step answered, said in any case."""
    if answer.way is Way.BROWSE:
        return {
            About.WORK: _("没有输入词语，列出符合条件的全部作品。"),
            About.SPACE: _("没有输入词语，列出符合条件的全部空间。"),
            About.PERSON: _("没有输入词语，列出符合条件的全部同行。"),
        }[about]
    if answer.way is Way.EXACT:
        return _("全部词语和条件都满足。")
    return way_sentence(answer, read, chips)


def freshness_sentence(from_standby: bool, seconds_behind: float) -> str:
    """Whether what is shown may be older than the database; nothing where it is as new as people expect."""
    if from_standby:
        return _("检索正在恢复，结果可能不是最新的。")
    if seconds_behind > LATE:
        return _("检索正在追赶最新的改动，刚共享的作品可能还找不到。")
    return ""


def uncounted_sentence() -> str:
    """What was found is there; by what it could be narrowed nobody could count."""
    return _("各项筛选的件数这次没有数出来。请刷新这一页再试。")


def more_sentence(answer: Answer, read: Read) -> str:
    """What stands under a short answer."""
    if answer.more_way is Way.LOOSE and read.beside:
        return _("放宽条件（去掉了：%(given_up)s），还有这些") % {"given_up": _texts(read.beside, read)}
    return {
        Way.PLAIN: _("不限定条件，含有这些词语的还有这些"),
        Way.LOOSE: _("放宽条件，还有这些"),
        Way.MOST: _("含有大部分词语的还有这些"),
        Way.TOPIC: _("同一主题的还有这些"),
        Way.FACETS: _("符合条件的还有这些"),
    }.get(answer.more_way, _("相近的还有这些"))
