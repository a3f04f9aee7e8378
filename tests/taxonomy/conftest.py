"""Who keeps the curriculum."""

import pytest
from django.test import Client

from tests import factories
from tests.browsing import signed_in
from tests.factories import Province


@pytest.fixture
def governor(place: Province) -> Client:
    return signed_in(factories.person("administrator", place.province))
