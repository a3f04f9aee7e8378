"""Links in rich text: to an address, by e-mail, to a place in the text. What is offered here, `cms.library.html` keeps.

Wagtail's own feature offers its pages, which no teacher knows, and telephone numbers; its script asks whatever
choosers it is given, by these steps, and takes their answers.
"""

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponseBase
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import URLOrAbsolutePathField, URLOrAbsolutePathValidator
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.views import chooser

FEATURE = "address"


class WebAddressField(URLOrAbsolutePathField):
    """A page of the web, or of this site by its path."""

    default_validators: ClassVar = [URLOrAbsolutePathValidator(schemes=["http", "https"])]


class WebLinkForm(forms.Form):
    url = WebAddressField(label=_("网址"))
    link_text = forms.CharField(label=_("链接文字"), required=False)


class EmailLinkForm(forms.Form):
    email_address = forms.EmailField(label=_("邮箱"))
    link_text = forms.CharField(label=_("链接文字"), required=False)
    subject = forms.CharField(label=_("邮件主题"), required=False)
    body = forms.CharField(label=_("邮件正文"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class AnchorLinkForm(forms.Form):
    url = forms.CharField(label="#")
    link_text = forms.CharField(label=_("链接文字"), required=False)


class Chooser(chooser.BaseLinkFormView):
    """One kind of link; the others are a click away."""

    template_name = "library/admin/link.html"

    def render_form_response(self) -> HttpResponseBase:
        kinds = [
            {"label": label, "url": reverse(name), "current": reverse(name) == self.request.path}
            for name, label in KINDS.items()
        ]
        context = {"form": self.form, "kinds": kinds}
        return render_modal_workflow(self.request, self.template_name, None, context, {"step": self.step_name})


class WebLinkView(Chooser):
    """Not Wagtail's view, which makes of an address of this site a link to one of its pages."""

    form_prefix = "external-link-chooser"
    form_class = WebLinkForm
    step_name = "external_link"
    link_url_field_name = "url"


class EmailLinkView(Chooser, chooser.EmailLinkView):
    form_class = EmailLinkForm


class AnchorLinkView(Chooser, chooser.AnchorLinkView):
    form_class = AnchorLinkForm


KINDS = {"work_link_web": _("网址"), "work_link_email": _("邮箱"), "work_link_anchor": _("本页位置")}
"""Address of each chooser -> what it is called, in their order."""

link_addresses = [
    path("works/links/web/", WebLinkView.as_view(), name="work_link_web"),
    path("works/links/email/", EmailLinkView.as_view(), name="work_link_email"),
    path("works/links/anchor/", AnchorLinkView.as_view(), name="work_link_anchor"),
]


def register_links(features: Any) -> None:
    """The feature `FEATURE` of Draftail; it asks for a page first, so that is where the web begins."""
    web = reverse_lazy("work_link_web")
    plugin = EntityFeature(
        {
            "type": "LINK",
            "icon": "link",
            "description": _("链接"),
            "attributes": ["url"],
            "allowlist": {"href": "^(http:|https:|mailto:|#|undefined$)"},
            "chooserUrls": {
                "pageChooser": web,
                "externalLinkChooser": web,
                "emailLinkChooser": reverse_lazy("work_link_email"),
                "phoneLinkChooser": web,
                "anchorLinkChooser": reverse_lazy("work_link_anchor"),
            },
        },
        js=["wagtailadmin/js/page-chooser-modal.js"],
    )
    rule = {
        "from_database_format": {"a[href]": ExternalLinkElementHandler("LINK")},
        "to_database_format": {"entity_decorators": {"LINK": link_entity}},
    }
    features.register_editor_plugin("draftail", FEATURE, plugin)
    features.register_converter_rule("contentstate", FEATURE, rule)
