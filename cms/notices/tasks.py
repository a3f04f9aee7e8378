"""Mail one notice. Repeated after a crash it may be sent again only when the crash came between sending and marking;
its Message-ID is the same then, so that mail systems show it once. And old notices are deleted, once a day."""

from datetime import timedelta
from smtplib import (
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cms.notices import actions
from cms.notices.actions import MAIL
from cms.notices.models import Notice, Preference
from cms.outbox.errors import Outage
from cms.outbox.handlers import Handler, register

PRUNE = "notices.prune"
KEEP_READ = timedelta(days=365)
KEEP_UNREAD = timedelta(days=3 * 365)
DAILY = timedelta(days=1)
CLOSING = 421  # "service not available, closing transmission channel"


def send(ref: str) -> bool:
    """Send it, unless it was sent, is read already, has no address, is for a deactivated account, or is not wanted.
    True when it went out."""
    notice = Notice.objects.select_related("recipient").filter(pk=ref).first()
    if notice is None or notice.mailed_at or notice.read_at or not notice.recipient.email:
        return False
    if not notice.recipient.is_active:  # deactivated since it was told
        return False
    if Preference.objects.filter(user=notice.recipient, topic=notice.topic, by_mail=False).exists():
        return False
    with override(settings.LANGUAGE_CODE):
        body = _("%(name)s，您好：\n\n%(text)s\n\n查看：%(url)s\n\n不想收到这类邮件？在站内“通知设置”里关闭即可。") % {
            "name": notice.recipient.name,
            "text": notice.text,
            "url": settings.SITE_URL + notice.url,
        }
        message = EmailMessage(
            subject=_("【共建】%s") % notice.get_topic_display(),
            body=body,
            to=[notice.recipient.email],
            headers={"Message-ID": _message_id(notice)},
        )
    post(message)
    return True


def _message_id(notice: Notice) -> str:
    """The same at every try, and of no other notice: not of one with this number before a backup was restored, nor at
    another installation."""
    microseconds = round(notice.at.timestamp() * 1_000_000)
    return f"<notice-{notice.pk}-{microseconds}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def post(message: EmailMessage) -> None:
    """Hand it to the mail server. Raises Outage while that is away or wants to be asked later, whoever the mail is for.

    One that hangs up on a mail may have taken it, and one that refuses a mail or its recipient for now may do so for
    ever: such a try counts.
    """
    away = _is_away
    try:
        with get_connection() as server:  # opens it
            away = _wants_to_be_asked_later
            server.send_messages([message])
    except OSError as error:  # those of smtplib are too
        if away(error):
            raise Outage(str(error)) from error
        raise


def _is_away(error: OSError) -> bool:
    """While it is opened. A final answer, such as to a password, is for operators, as is what it cannot do at all."""
    if isinstance(error, SMTPServerDisconnected | SMTPConnectError) or not isinstance(error, SMTPException):
        return True
    return _wants_to_be_asked_later(error)


def _wants_to_be_asked_later(error: OSError) -> bool:
    """It answers 4xx, but not to this mail or its recipient; CLOSING whatever it answers to."""
    if isinstance(error, SMTPRecipientsRefused):
        return any(code == CLOSING for code, _said in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code == CLOSING
    return isinstance(error, SMTPResponseException) and error.smtp_code // 100 == 4


def mark_sent(ref: str, sent: bool) -> None:
    if sent:
        Notice.objects.filter(pk=ref).update(mailed_at=timezone.now())


def prune(ref: str) -> int:
    return actions.prune(read_before=KEEP_READ, told_before=KEEP_UNREAD)


register(Handler(topic=MAIL, label=gettext_lazy("寄出邮件"), work=send, finish=mark_sent))
register(Handler(topic=PRUNE, label=gettext_lazy("清理很久以前的通知"), work=prune, every=DAILY))
