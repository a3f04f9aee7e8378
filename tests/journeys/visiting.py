"""A person with a browser, without the browser: opens addresses, reads words, fills in and sends the forms of the page.

Nothing is posted that the page does not offer: a form is found by its button, a field by its label.
"""

from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.people.models import User
from tests.factories.people import PASSWORD

Data = dict[str, list[str]]


class Page:
    """What came back: its words, links and forms."""

    def __init__(self, visitor: "Visitor", response: Any, address: str) -> None:
        self.visitor = visitor
        self.status: int = response.status_code
        self.address = address
        self.soup = BeautifulSoup(response.content, "lxml")

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    @property
    def words(self) -> str:
        """The text without any space: tags stand between words where a reader sees none."""
        return "".join(self.soup.get_text("").split())

    @property
    def titles(self) -> list[str]:
        """Of the cards on the page, in order."""
        return [each.get_text(strip=True) for each in self.soup.select(".card .card-title")]

    @property
    def said(self) -> str:
        """What the page tells about the last deed: messages, and errors of forms."""
        return "".join(each.get_text("", strip=True) for each in self.soup.select(".messages, .errorlist, .note"))

    def link(self, words: str) -> str:
        """The address of the first link whose text holds `words`."""
        for link in self.soup.find_all("a", href=True):
            if words in link.get_text("", strip=True):
                return urljoin(self.address, str(link["href"]))
        raise AssertionError(f"no link {words!r} on {self.address}: {self.text[:600]}")

    def has_link(self, path: str) -> bool:
        """Some link leads to this path."""
        return any(urlsplit(str(link["href"])).path == path for link in self.soup.find_all("a", href=True))

    def follow(self, words: str) -> "Page":
        return self.visitor.open(self.link(words))

    def has_button(self, words: str) -> bool:
        return self._button(words) is not None

    def form(self, button: str) -> "Form":
        """The form that this button sends."""
        found = self._button(button)
        assert found is not None, f"no button {button!r} on {self.address}: {self.text[:600]}"
        form = found.find_parent("form") if not found.get("form") else self.soup.find("form", id=found["form"])
        assert isinstance(form, Tag), f"{button!r} on {self.address} sends no form"
        return Form(self, form, found)

    def press(self, button: str, **fields: Any) -> "Page":
        """Fill in by label, send, and answer the page that follows."""
        form = self.form(button)
        for label, value in fields.items():
            form.fill(label, value)
        return form.send()

    def _button(self, words: str) -> Tag | None:
        for button in self.soup.find_all("button"):
            if words in button.get_text("", strip=True) and button.get("type", "submit") == "submit":
                return button
        return None


class Form:
    """One form of a page, with the values the page gives it."""

    def __init__(self, page: Page, element: Tag, button: Tag) -> None:
        self.page = page
        self.element = element
        self.action = urljoin(page.address, str(button.get("formaction") or element.get("action") or page.address))
        self.method = str(element.get("method", "get")).lower()
        self.data = values_of(element)
        if button.get("name"):
            self.data[str(button["name"])] = [str(button.get("value", ""))]

    def fill(self, label: str, value: Any = True) -> None:
        """The control whose label begins with `label`: text, one choice by its words, or a tick."""
        control = self._control(label)
        name, kind = str(control["name"]), control.get("type", "")
        if kind in ("checkbox", "radio"):
            ticked = str(control.get("value", "on"))
            kept = self.data.get(name, []) if kind == "checkbox" else []
            self.data[name] = [one for one in kept if one != ticked] + ([ticked] if value else [])
        elif control.name == "select":
            self.data[name] = [_option(control, str(value))]
        else:
            self.data[name] = [str(value)]

    def send(self) -> Page:
        if self.method == "get":
            return self.page.visitor.open(urlsplit(self.action).path, **self.data)
        return self.page.visitor.post(self.action, self.data)

    def _control(self, label: str) -> Tag:
        for each in self.element.find_all("label"):
            if not each.get_text("", strip=True).startswith(label):
                continue
            control = self.element.find(id=each["for"]) if each.get("for") else each.find(["input", "select"])
            if isinstance(control, Tag) and control.get("name"):
                return control
        labels = [each.get_text("", strip=True) for each in self.element.find_all("label")]
        raise AssertionError(f"no field {label!r} on {self.page.address}, only {labels}")


class Visitor:
    """Somebody at a browser of their own; signed in after `sign_in`."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN,zh;q=0.9"})

    def sign_in(self, password: str = PASSWORD) -> Page:
        """Through the page, as everybody does."""
        assert self.user is not None
        return self.open("/accounts/login/").press("登录", 账号=self.user.username, 密码=password)

    def open(self, address: str, **query: Any) -> Page:
        """The page at the end of all redirects; it must be there."""
        page = self.look(address, **query)
        assert page.status == 200, f"{page.status} at {page.address}: {page.text[:600]}"
        return page

    def look(self, address: str, **query: Any) -> Page:
        """The page, whatever its status."""
        return self._page(self.client.get(_path(address), query or None, follow=True), address)

    def status(self, address: str) -> int:
        """Of the very address, redirects not followed."""
        answer: Any = self.client.get(_path(address))
        if answer.streaming:
            b"".join(answer.streaming_content)  # read to the end, as a browser does: the file is closed
        return int(answer.status_code)

    def post(self, address: str, data: Any) -> Page:
        return self._page(self.client.post(_path(address), data, follow=True), address)

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """As the workbench's file fields do it."""
        token = self.client.cookies["csrftoken"].value
        answer = self.client.post(
            "/files/", {"file": SimpleUploadedFile(name, content)}, headers={"x-csrftoken": token}
        )
        assert answer.status_code == 201, answer.content.decode()
        described: dict[str, Any] = answer.json()
        return described

    def _page(self, response: Any, address: str) -> Page:
        chain = getattr(response, "redirect_chain", [])
        return Page(self, response, chain[-1][0] if chain else address)


def values_of(form: Tag) -> Data:
    """What a browser would send of this form as it stands."""
    data: Data = {}
    for control in form.find_all(["input", "select", "textarea"]):
        name, kind = control.get("name"), control.get("type", "")
        if not name or control.has_attr("disabled") or kind in ("file", "submit", "button"):
            continue
        if kind in ("checkbox", "radio"):
            if control.has_attr("checked"):
                data.setdefault(str(name), []).append(str(control.get("value", "on")))
        elif control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            data.setdefault(str(name), []).append(str(chosen.get("value", "")) if isinstance(chosen, Tag) else "")
        elif control.name == "textarea":
            data.setdefault(str(name), []).append(control.get_text().removeprefix("\n"))
        else:
            data.setdefault(str(name), []).append(str(control.get("value", "")))
    return data


def _option(select: Tag, words: str) -> str:
    for option in select.find_all("option"):
        if words in option.get_text("", strip=True):
            return str(option.get("value", ""))
    raise AssertionError(f"no choice {words!r} in {select.get('name')}: {select.get_text('|', strip=True)}")


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def seated(user: User | None) -> Visitor:
    """At a browser of one's own; signed in through the page, unless nobody."""
    visitor = Visitor(user)
    if user is not None:
        visitor.sign_in()
    return visitor
