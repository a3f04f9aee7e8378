"""The JSON API at /api/v1/: rooms by dotted name, one way to sign in, one shape for every refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaError

from cms.config.parsing import Storable
from cms.config.refusals import REFUSALS, refusal
from cms.config.wording import sentence


class OneShape(NinjaAPI):
    """The framework refuses a method in plain text, before any of our handlers is asked."""

    def _get_urls(self) -> list[Any]:
        patterns: list[Any] = super()._get_urls()
        for pattern in patterns:
            pattern.callback = in_shape(pattern.callback)
        return patterns


def in_shape(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shaped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = view(request, *args, **kwargs)
        if found.status_code != 405:
            return found
        allowed = found.headers["Allow"]
        told = answer(request, 405, "method_not_allowed", _("这个地址不支持这种请求方法，请用 %s。") % allowed)
        told.headers["Allow"] = allowed
        return told

    return shaped


api = OneShape(
    title="共建 API",
    version="1",
    description="用令牌（Authorization: Bearer gj_…）以某个人的身份使用共建；规则与网页完全一致。",
    urls_namespace="api",
    docs_url="/docs",
    parser=Storable(),
)

ROUTERS = {
    "/works": "cms.library.api.router",
    "/files": "cms.library.api.files_router",
    "/taxonomy": "cms.taxonomy.api.router",
    "/people": "cms.people.api.router",
    "/spaces": "cms.spaces.api.router",
    "/courses": "cms.learning.api.router",
    "/submissions": "workflows.review.api.router",
    "/shares": "workflows.sharing.api.router",
    "/recommendations": "workflows.sharing.api.recommendations_router",
    "/adoptions": "workflows.sharing.api.adoptions_router",
    "/statements": "workflows.points.api.router",
    "/search": "search.api.router",
}
for prefix, router in ROUTERS.items():
    api.add_router(prefix, router)


def answer(request: HttpRequest, status: int, code: str, message: str, **facts: Any) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message, **facts}, status=status)


def on_refusal(request: HttpRequest, error: Any) -> HttpResponse:
    found = refusal(error)
    return answer(request, found.status, found.code, found.message, **found.facts)


def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, 404, "not_found", _("没有找到，或您无权查看。"))


def on_forbidden(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, 403, "forbidden", _("您不能做这件事。"))


def on_no_token(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, 401, "token_required", _("请在 Authorization 请求头里带上有效的令牌。"))


def on_bad_schema(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {".".join(str(part) for part in item["loc"][1:]): sentence(item) for item in error.errors}
    return answer(request, 422, "invalid", _("请求的内容不符合要求，请看 fields。"), fields=fields)


def on_unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """What the framework itself refuses: a body that is no JSON."""
    return answer(request, error.status_code, "unreadable", _("读不懂请求的内容：它应该是 UTF-8 的 JSON。"))


def on_too_large(request: HttpRequest, error: Any) -> HttpResponse:
    most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    message = _("请求的内容超过 %(limit)s，请分开发送；文件请用 POST /files 上传。") % {"limit": most}
    return answer(request, 413, "too_large", message)


def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    if hasattr(error, "message_dict"):
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
    else:
        fields = {"": " ".join(error.messages)}
    return answer(request, 422, "invalid", " ".join(fields.values()), fields=fields)


for base in REFUSALS:
    api.add_exception_handler(base, on_refusal)
api.add_exception_handler(Http404, on_missing)
api.add_exception_handler(PermissionDenied, on_forbidden)
api.add_exception_handler(AuthenticationError, on_no_token)
api.add_exception_handler(SchemaError, on_bad_schema)
api.add_exception_handler(HttpError, on_unreadable)
api.add_exception_handler(ValidationError, on_invalid)
api.add_exception_handler(RequestDataTooBig, on_too_large)
