"""Static files under names that change with their content."""

from functools import cached_property

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Each address is composed once: what it is composed of is read once a process too, and a page has ten."""

    def url(self, name: str, force: bool = False) -> str:
        known = self._addresses.get((name, force))
        if known is None:
            known = self._addresses[name, force] = super().url(name, force)
        return known

    @cached_property
    def _addresses(self) -> dict[tuple[str, bool], str]:
        return {}
