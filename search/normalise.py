"""One spelling for everything that is compared: documents, queries and suggestions go through `normalise`. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache

import opencc

# Written by PDF extractors for whole characters; NFKC folds the Kangxi block and leaves this one.
RADICALS = str.maketrans(
    dict(
        zip(
            "⺁⺄⺅⺆⺇⺋⺕⺖⺗⺘⺙⺛⺞⺠⺡⺢⺣⺤⺥⺦⺨⺪⺫⺬⺭⺯⺰⺶⺹⺻⺾⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
            "厂乙亻冂几㔾彐忄㣺扌攵旡歺民氵氺灬爫爫丬犭疋罒示礻糹纟羊耂聿艹虎衤覀西见角讠贝车辶辶阝钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
            strict=True,
        )
    )
)

# Format and control characters, variation selectors, fillers, lone surrogates, non-characters.
UNSEEN = (
    "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{UNSEEN}]+")
_SPACE = re.compile(r"\s")
_SPACED = re.compile(r"(?<!\S)[\u4e00-\u9fff](?: [\u4e00-\u9fff]){3,}(?!\S)")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

# Most of what is written in Chinese, so that few texts need more than a look: characters that NFKC leaves alone and
# joins to none before them. The commonest that it changes are changed one by one, which is five times as quick.
_ORDINARY = " -~\\n·×÷—‘’“”、。《》「」【】\u4e00-\u9fff"
_STRANGE = re.compile(f"[^{_ORDINARY}]+")
_ALL_ORDINARY = re.compile(f"[{_ORDINARY}]*")
BETWEEN = "\ue000"  # private, and changed by nothing: what stands on one side of it does not touch the other
_JOINED = re.compile("[\u0300-\u036f]")  # the only ones that NFKC joins to an ordinary character
_WIDE = dict(zip("\u3000，：；？！（）", " ,:;?!()", strict=True)) | {"…": "..."}


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """`text` in the one spelling that is indexed and asked.

    NFKC, lower case, radicals and compatibility ideographs as characters, traditional as simplified Chinese, every
    white space as one blank, nothing unseen (controls, zero width, NUL, lone surrogates). Never raises.
    """
    if text.isascii():
        return _SPACE.sub(" ", _UNSEEN.sub("", text)).lower()
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    if _ALL_ORDINARY.fullmatch(text):
        plain = text.lower()
    else:
        plain = _where_strange(_unfold, _where_strange(_fold, text).lower())
    return str(_to_simplified().convert(plain.replace("\n", " ")))


def as_typed(text: str) -> str:
    """`text` of a person, normalised; characters with a blank between each, as copied out of a PDF, are joined:
    三 年 级 数 学. What is indexed is left as it stands."""
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), normalise(text))


def normalise_each(texts: Sequence[str]) -> list[str]:
    """`normalise` of each: at once, because most of what short texts cost is the calls."""
    found = normalise(BETWEEN.join(texts)).split(BETWEEN)
    return found if len(found) == len(texts) else [normalise(text) for text in texts]


def _where_strange(fold: Callable[[str], str], text: str) -> str:
    """`fold(text)`, which leaves what is ordinary as it is, done only where it is not."""
    return fold(text) if _JOINED.search(text) else _STRANGE.sub(lambda found: fold(found[0]), text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


def _unfold(text: str) -> str:
    # Again: a compatibility form can hide an unseen character.
    return _SPACE.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFKC", text))).translate(RADICALS)


def storable(text: str) -> str:
    """`text` as any database and any HTTP answer can hold it: NUL and lone surrogates become U+FFFD."""
    return text if text.isprintable() else UNSTORABLE.sub("\ufffd", text)
