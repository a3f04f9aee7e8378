"""What is wrong with the setting SEARCH is said by every command, before anybody searches. No server is asked."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from search.engines import engine


@register
def search_is_set(**kwargs: Any) -> list[CheckMessage]:
    try:
        engine()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="search.E001")]
    return []
