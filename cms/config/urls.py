"""Every address of the site. Rooms are named by dotted strings, so that no import runs up the house."""

from django.conf import settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog, set_language
from wagtail.admin import urls as wagtailadmin_urls

from cms.config import health
from cms.config.api import api

handler500 = "cms.config.accidents.accident"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/account/", include("cms.people.workbench.account")),
    # Wagtail's own page asks for no second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/tag-autocomplete/", include("cms.library.viewsets.tag_words")),
    path("admin/", include("cms.people.workbench.closed")),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("cms.people.account_urls")),
    path("api/v1/", api.urls),
    # Without a token: pages that are kept for all visitors have none, and only the language of a browser is at stake.
    path("language/", csrf_exempt(set_language), name="set_language"),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("", include("cms.spaces.home_urls")),
    path("", include("cms.library.urls")),
    path("", include("cms.taxonomy.urls")),
    path("", include("cms.spaces.urls")),
    path("", include("cms.learning.urls")),
    path("", include("cms.notices.urls")),
    path("", include("cms.people.urls")),
    path("", include("workflows.review.urls")),
    path("", include("workflows.sharing.urls")),
    path("", include("workflows.points.urls")),
    path("", include("search.urls")),
]
if settings.DEMO_ALLOWED:  # what every component looks like, for who works on the pages
    urlpatterns += [path("theme/", include("theme.urls"))]
