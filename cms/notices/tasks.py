"""Mail one notice. Repeated after a crash it may be sent again only when the crash came between sending and marking;
its Message-ID is the same then, so that mail systems show it once. And old notices are deleted, once a day."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cms.notices import actions
from cms.notices.actions import MAIL
from cms.notices.models import Notice, Preference
from cms.outbox.handlers import Handler, register

PRUNE = "notices.prune"
KEEP_READ = timedelta(days=365)
KEEP_UNREAD = timedelta(days=3 * 365)
DAILY = timedelta(days=1)


def send(ref: str) -> bool:
    """Send it, unless it was sent, is read already, has no address, or is not wanted. True when it went out."""
    notice = Notice.objects.select_related("recipient").filter(pk=ref).first()
    if notice is None or notice.mailed_at or notice.read_at or not notice.recipient.email:
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
            headers={"Message-ID": f"<notice-{notice.pk}@gongjian>"},
        )
    message.send()
    return True


def mark_sent(ref: str, sent: bool) -> None:
    if sent:
        Notice.objects.filter(pk=ref).update(mailed_at=timezone.now())


def prune(ref: str) -> int:
    return actions.prune(read_before=KEEP_READ, told_before=KEEP_UNREAD)


register(Handler(topic=MAIL, label=gettext_lazy("寄出邮件"), work=send, finish=mark_sent))
register(Handler(topic=PRUNE, label=gettext_lazy("清理很久以前的通知"), work=prune, every=DAILY))
