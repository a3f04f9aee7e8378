"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings.production")
application = get_wsgi_application()

from search.engines import engine  # noqa: E402  Django is configured first

engine()  # a wrong setting stops the server: not the first visitor is to find it
