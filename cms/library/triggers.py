"""The last lock in the database: what goes round models, constraints and gate is refused by a trigger."""

from collections.abc import Iterable

from cms.audit.append_only import append_only_triggers
from cms.audit.triggers import Trigger


def library_triggers() -> Iterable[Trigger]:
    """Live only with a sealed revision of this very work; down only by retiring; seals written once."""
    from cms.library.models import Seal  # models are importable only when the apps are ready

    sealed = "SELECT 1 FROM library_seal s WHERE s.work_id = NEW.id AND s.revision_id = NEW.live_revision_id"
    yield Trigger(
        name="library_work_live_sealed_insert",
        table="library_work",
        when="BEFORE INSERT",
        condition="(NEW.live)",
        message="library_work: a work is not born live",
    )
    yield Trigger(
        name="library_work_live_sealed",
        table="library_work",
        when="BEFORE UPDATE OF live, live_revision_id",
        condition=f"(NEW.live AND NOT EXISTS ({sealed}))",
        message="library_work: only a sealed revision goes live",
    )
    yield Trigger(
        name="library_work_retired",
        table="library_work",
        when="BEFORE UPDATE OF live",
        condition="(OLD.live AND NOT NEW.live AND NEW.retired_at IS NULL)",
        message="library_work: a work is taken down by retiring it",
    )
    yield from append_only_triggers(Seal)
