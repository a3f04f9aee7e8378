"""A database of its own for a benchmark: SQLite in a temporary file (or DATABASE_URL), migrated."""

import os
import tempfile
from pathlib import Path


def ready(settings: str = "cms.config.settings.development") -> None:
    """Configure Django on a fresh database, or the one kept in BENCHMARK_DATA; removes nothing that is not its own."""
    folder = os.environ.get("BENCHMARK_DATA") or tempfile.mkdtemp(prefix="gongjian-bench-")
    Path(folder).mkdir(parents=True, exist_ok=True)
    os.environ["DATA_DIR"] = folder
    os.environ.setdefault("SECRET_KEY", "benchmarks only")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
