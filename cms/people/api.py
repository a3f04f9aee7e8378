"""People over the JSON API: the roster of an organisation, as on the administrator's screen."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from cms.organisations.models import Organisation
from cms.people import rules
from cms.people.errors import RosterHasProblems
from cms.people.models import User
from cms.people.roster.applying import import_roster
from cms.people.roster.checking import check, in_order
from cms.people.roster.first import renew
from cms.people.roster.planned import Outcome, Planned
from cms.people.roster.reading import MAX_BYTES, Sheet, UnreadableRoster, read
from cms.people.roster.template import XLSX, template
from cms.people.schemas import Problem
from cms.people.tokens import TokenAuth, person
from cms.people.wording import sentence

router = Router(tags=["人员"], auth=TokenAuth())


class CellProblem(Schema):
    """What is wrong with one cell; `column` is the heading, empty when it is the whole row."""

    column: str
    message: str


class RosterRow(Schema):
    """One line of the file. outcome: `new`, `changed`, `unchanged` or `wrong`."""

    row: int
    name: str
    login: str
    outcome: str
    changes: list[str]
    problems: list[CellProblem]


class FirstPasswordOut(Schema):
    name: str
    login: str
    password: str


class RosterOut(Schema):
    """What would become of the file (`dry_run`), or has become of it; rows that are wrong are left out.

    passwords    first passwords of new people: they are in this answer and nowhere else
    ignored      headings that mean nothing here
    """

    dry_run: bool
    new: int
    changed: int
    unchanged: int
    wrong: int
    ignored: list[str]
    rows: list[RosterRow]
    passwords: list[FirstPasswordOut]


class PlaceIn(Schema):
    """organisation    code of whom rows without one are meant for; left out: the caller's own"""

    organisation: str = ""


class RosterIn(PlaceIn):
    """How a file is to be taken.

    organisation    code of whom rows without one are meant for; left out: the caller's own
    dry_run         only say what is wrong and what would change; nothing is written
    only_clean      write the rows that are sound although others are not
    """

    dry_run: bool = True
    only_clean: bool = False


class FirstPasswordsOut(Schema):
    """passwords    of those who have never signed in: they are in this answer and nowhere else"""

    passwords: list[FirstPasswordOut]


class RosterProblem(Problem):
    """`roster_has_problems` comes with the rows."""

    rows: list[RosterRow] = []


@router.post(
    "/roster",
    response={200: RosterOut, 404: Problem, 409: Problem, 422: RosterProblem},
    summary="导入名册：先试运行，再写入全部或无误的行",
)
def roster(
    request: HttpRequest,
    response: HttpResponse,
    given: Form[RosterIn],
    file: UploadedFile = File(...),  # noqa: B008  ninja's way
) -> Any:
    administrator = _administrator(request)
    place = _place(administrator, given.organisation)
    sheet = _sheet(file)
    response["Cache-Control"] = "no-store"
    if given.dry_run:
        rows = check(sheet, by=administrator, organisation=place).rows
        return _answer(sheet, rows, dry_run=True, passwords=[])
    try:
        done = import_roster(sheet, by=administrator, organisation=place, only_clean=given.only_clean)
    except RosterHasProblems as error:
        told = {"code": error.code, "message": sentence(error), "rows": _rows(error.rows)}
        return Status(422, told)
    except PermissionDenied as error:
        raise Http404 from error
    return _answer(sheet, done.rows, dry_run=False, passwords=done.passwords)


@router.post(
    "/roster/passwords",
    response={200: FirstPasswordsOut, 404: Problem, 422: Problem},
    summary="初始密码没有收到：为名册里还没有登录过的人重新生成",
)
def roster_passwords(
    request: HttpRequest,
    response: HttpResponse,
    given: Form[PlaceIn],
    file: UploadedFile = File(...),  # noqa: B008  ninja's way
) -> Any:
    administrator = _administrator(request)
    place = _place(administrator, given.organisation)
    passwords = renew(_sheet(file), by=administrator, organisation=place)
    response["Cache-Control"] = "no-store"
    return {"passwords": passwords}


@router.get("/roster/template", response={200: None, 404: Problem}, summary="下载空白名册（.xlsx）")
def roster_template(request: HttpRequest) -> HttpResponse:
    _administrator(request)
    return HttpResponse(template(), content_type=XLSX)


def _administrator(request: HttpRequest) -> User:
    """Who asks. Raises Http404 for whoever administers no organisation."""
    user = person(request)
    if not rules.administered(user):
        raise Http404
    return user


def _place(administrator: User, code: str) -> Organisation:
    """The organisation of this code, when it is in care and active. Raises ValidationError."""
    roots = rules.administered(administrator)
    if not code:
        return roots[0]
    place = Organisation.objects.filter(code=code, is_active=True).first()
    if place is None or not rules.in_care(roots, place):
        raise ValidationError({"organisation": _("没有代码为“%s”的机构归您管理，请核对机构代码。") % code[:40]})
    return place


def _sheet(file: UploadedFile) -> Sheet:
    try:
        return read(file.read(MAX_BYTES + 1))  # never more into memory than is needed to refuse it
    except UnreadableRoster as error:
        raise ValidationError({"file": str(error)}) from error


def _answer(sheet: Sheet, rows: list[Planned], *, dry_run: bool, passwords: list[Any]) -> dict[str, Any]:
    counts = {outcome.value: sum(row.outcome == outcome for row in rows) for outcome in Outcome}
    return {"dry_run": dry_run, "ignored": sheet.ignored, "rows": _rows(rows), "passwords": passwords, **counts}


def _rows(rows: Iterable[Planned]) -> list[dict[str, Any]]:
    return [
        {
            "row": planned.row.line,
            "name": planned.name,
            "login": planned.login,
            "outcome": planned.outcome.value,
            "changes": planned.changes,
            "problems": [{"column": flaw.column, "message": flaw.sentence} for flaw in in_order(planned.problems)],
        }
        for planned in rows
    ]
