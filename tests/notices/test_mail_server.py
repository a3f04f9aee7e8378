"""A mail server that is away is waited for, however long; one that refuses a mail is told so to operators.

The server is a real one as far as the client sees: a socket that gives the answers of the test.
"""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.notices.actions import MAIL, News, tell
from cms.notices.enums import Topic
from cms.notices.models import Notice
from cms.organisations.models import Organisation
from cms.outbox import worker
from cms.outbox.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
HANGS_UP = ""


class MailServer(socketserver.ThreadingTCPServer):
    """`answers`: what it says to a command; "" where it hangs up instead, None where it says nothing more."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str | None] = {}
        self.connections = 0
        self.taken: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer
    usual = {"hello": "220 here", "DATA": "354 go on", "QUIT": "221 bye"}

    def handle(self) -> None:
        self.server.connections += 1
        going_on = self.says("hello")
        while going_on and (line := self.rfile.readline()):
            command = line.decode().split()[0].upper()
            going_on = self.says(command)
            if command == "DATA":
                mail = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                going_on = self.says("mail")
                if going_on and "mail" not in self.server.answers:
                    self.server.taken.append(mail)

    def says(self, command: str) -> bool:
        answer = self.server.answers.get(command, self.usual.get(command, "250 yes"))
        if answer is None:
            self.rfile.read()  # until the client goes
        if not answer:
            return False
        self.wfile.write(f"{answer}\r\n".encode())
        return True


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.server_address[1]
        settings.EMAIL_TIMEOUT = 0.5
        yield made
        made.shutdown()


def tell_three() -> None:
    place = factories.province()
    people = [factories.teacher(place) for _n in range(3)]
    Message.objects.all().delete()
    tell([News(people, Topic.TO_REVIEW, "《分数》等你审核。", "/review/", "submission:1:submit")])


def try_again() -> None:
    Message.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    worker.drain()


@pytest.mark.parametrize(
    "answers",
    [
        {"hello": "421 too busy"},
        {"hello": HANGS_UP},
        {"hello": None},
        {"EHLO": "421 going down", "HELO": "421 going down"},
        {"MAIL": "452 no space left"},
        {"RCPT": "421 going down"},
        {"mail": "421 going down"},
    ],
    ids=str,
)
def test_server_that_is_away_is_waited_for_and_asked_once_for_all_mail(
    server: MailServer, answers: dict[str, str | None]
) -> None:
    tell_three()
    server.answers = answers
    worker.drain()
    assert server.connections == 1
    for _n in range(9):  # more often than a mail may be refused
        try_again()
    assert set(Message.objects.values_list("topic", "attempts", "failed_at", "done_at")) == {(MAIL, 0, None, None)}
    assert Message.objects.filter(error__contains="Outage").exists()
    server.answers = {}
    try_again()
    assert len(server.taken) == 3
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_operators_are_told_once_a_day_of_a_server_that_is_away_for_long(server: MailServer) -> None:
    tell_three()
    operator = factories.person("operator", Organisation.objects.get(tier="province"))
    server.answers = {"hello": "421 too busy"}
    worker.drain()
    assert not Notice.objects.filter(recipient=operator).exists()
    Message.objects.filter(topic=MAIL).update(created_at=timezone.now() - worker.LONG - timedelta(seconds=1))
    try_again()
    try_again()
    (told,) = Notice.objects.filter(recipient=operator)
    assert told.text == "后台任务“寄出邮件”在等的服务一直连不上：请看原因，排除后会自动接着做。"
    assert told.url == "/admin/outbox/"


def test_server_that_does_not_listen_is_waited_for(server: MailServer) -> None:
    tell_three()
    server.shutdown()
    server.server_close()
    worker.drain()
    assert set(Message.objects.values_list("attempts", "failed_at", "done_at")) == {(0, None, None)}


@pytest.mark.parametrize(
    "answers",
    [
        {"RCPT": "450 mailbox busy"},
        {"RCPT": "550 nobody here"},
        {"MAIL": "553 not from you"},
        {"mail": "451 looks strange"},
        {"mail": HANGS_UP},  # it may have taken it
    ],
    ids=str,
)
def test_try_counts_where_the_server_refuses_a_mail(server: MailServer, answers: dict[str, str | None]) -> None:
    tell_three()
    server.answers = answers
    worker.drain()
    assert server.connections == 3
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}
    assert not Message.objects.filter(error__contains="Outage").exists()
    for _n in range(9):
        try_again()
    assert not Message.objects.filter(topic=MAIL, failed_at=None).exists()
