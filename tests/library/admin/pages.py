"""What a browser would send: the form of a page, read back from its HTML."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from cms.library.models import Work
from cms.library.viewsets.addresses import viewset_of

Data = dict[str, Any]


def url(work: Work | type[Work], name: str, *args: Any) -> str:
    return reverse(viewset_of(work if isinstance(work, type) else type(work)).get_url_name(name), args=args)


def edit_url(work: Work) -> str:
    return url(work, "edit", work.pk)


def form_of(html: str) -> Data:
    """Every input of the edit form with its value; templates of new rows are left out."""
    soup = BeautifulSoup(html, "html.parser")
    form = soup.select_one("form[data-edit-form]") or soup.select_one("form#w-editor-form")
    assert form is not None
    for template in form.find_all(["template", "script"]):
        template.decompose()
    data: Data = {}
    for control in form.find_all(["input", "select", "textarea"]):
        name = control.get("name")
        kind = control.get("type", "")
        if (
            not name
            or "__prefix__" in name
            or kind == "file"
            or (kind == "checkbox" and not control.has_attr("checked"))
        ):
            continue
        data.setdefault(str(name), []).append(_value(control))
    return data


def _value(control: Any) -> str:
    if control.name == "select":
        chosen = control.find("option", selected=True)
        return str(chosen["value"]) if chosen else ""
    if control.name == "textarea":
        return str(control.text)
    if control.get("type") == "checkbox":
        return str(control.get("value", "on"))
    return str(control.get("value", ""))


def open_form(client: Client, address: str) -> Data:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return form_of(response.content.decode())


def autosave(client: Client, address: str, data: Data) -> Any:
    """As the open page does it by itself."""
    return client.post(address, data, headers={"accept": "application/json"})


def add_lesson(data: Data, *, title: str, **values: Any) -> str:
    """One more row at the end, as the page adds it; answers its prefix."""
    number = int(data["lessons-TOTAL_FORMS"][0])
    data["lessons-TOTAL_FORMS"] = [str(number + 1)]
    prefix = f"lessons-{number}"
    row = {
        "title": title, "goal": "", "task_sheet": RICH_EMPTY, "minutes": "", "key": "", "id": "",
        "ORDER": str(number + 1), "DELETE": "", **values,
    }  # fmt: skip
    data.update({f"{prefix}-{name}": value if isinstance(value, list) else [value] for name, value in row.items()})
    return prefix


RICH_EMPTY = "null"
"""What Draftail sends for an empty text."""


def draft_of(work: Work) -> Any:
    return Work.objects.get(pk=work.pk).specific.get_latest_revision_as_object()


def keys(work: Work) -> list[str]:
    return [str(lesson.key) for lesson in draft_of(work).lessons.all()]
