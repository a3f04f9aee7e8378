"""How a draft is previewed: as the public page will show it."""

from typing import Any

from django.http import HttpRequest


class WorkPreview:
    """Stands before Wagtail's `PreviewableMixin` in the bases, else its own answer wins."""

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "library/work_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"request": request, "work": self, "is_preview": True}
