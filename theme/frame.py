"""What stands around every page: its language, the navigation, the person's menu, the search box. Registered in
`templatetags/theme.py`."""

from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from theme import pieces

NAV = (("home", _("首页")), ("search:search", _("资源")), ("learning:courses", _("课程")), ("spaces:mine", _("空间")))
OWN = frozenset({"spaces:mine"})
"""Of somebody who signed in: a visitor would only meet the sign-in page."""


def request_of(context: Context) -> HttpRequest | None:
    request = context.get("request")
    return request if isinstance(request, HttpRequest) else None


def page_lang() -> str:
    """The language of the page as HTML names it: zh-Hans, en."""
    language = get_language() or "zh-hans"
    main, _, script = language.partition("-")
    return f"{main}-{script.capitalize()}" if len(script) == 4 else language


LANGUAGES = (("zh-hans", "zh-Hans", "中文"), ("en", "en", "English"))
"""Each in its own words, for whoever cannot read the page."""


def language_switch() -> dict[str, Any]:
    """The languages of the site, in the footer. Whoever chooses one comes back to this page."""
    here = page_lang()
    return {
        "action": pieces.address("set_language"),
        "languages": [
            {"code": code, "lang": lang, "name": name, "current": lang == here} for code, lang, name in LANGUAGES
        ],
    }


def nav(context: Context) -> dict[str, Any]:
    """The main navigation: only rooms that have an address, and the own ones only for who signed in."""
    request = request_of(context)
    user = context.get("user")
    known = user is not None and user.is_authenticated
    here = request.path if request else ""
    items = []
    for name, label in NAV:
        url = pieces.address(name)
        if url and (known or name not in OWN):
            is_here = here == url if name == "home" else here.startswith(url)
            items.append({"label": label, "url": url, "current": is_here})
    return {"items": items}


def account_menu(context: Context) -> dict[str, Any]:
    """Sign in, or the person's menu. Reads `inbox_new`, `notices_new`, `opens_workbench` and `reviews_waiting` where
    the context has them. Rooms add their ways in by the hook `construct_account_menu` (entries, request), each as
    `url`, `label` and `icon`."""
    entries: list[dict[str, Any]] = []
    request, user = request_of(context), context.get("user")
    if request is not None and user is not None and user.is_authenticated:
        for answer in hooks.get_hooks("construct_account_menu"):
            answer(entries, request)
    return {
        "entries": entries,
        "user": context.get("user"),
        "opens_workbench": context.get("opens_workbench"),
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "inbox_new": context.get("inbox_new"),
        "notices_new": context.get("notices_new"),
        "reviews_waiting": context.get("reviews_waiting"),
    }


def search_box(
    value: str = "",
    *,
    large: bool = False,
    label: str = "",
    placeholder: str = "",
    id: str = "q",
    autofocus: bool = False,
    about: str = "",
) -> dict[str, Any]:
    """The box that leads to the search page. `large` on the home and search pages; `about`: space, person. Works, their
    authors and topics are suggested while somebody types; spaces and people are not."""
    return {
        "value": value,
        "large": large,
        "label": label,
        "placeholder": placeholder,
        "id": id,
        "autofocus": autofocus,
        "about": about,
        "action": pieces.search_address(),
        "suggestions": "" if about else pieces.address("search:suggest"),
    }
