"""The demo accounts as data: what `bin/demo --accounts` prints. Standard library only."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

PROVINCE = Path(__file__).resolve().parents[2] / "fixtures" / "province"


def accounts() -> list[dict[str, str]]:
    """One dict an account: role, username, password, organisation (its full name)."""
    data = tomllib.loads((PROVINCE / "accounts.toml").read_text(encoding="utf-8"))
    names = _organisation_names()
    return [
        {
            "role": account["role"],
            "username": account["username"],
            "password": data["password"],
            "organisation": names[account["key"]],
        }
        for account in data["account"]
    ]


def _organisation_names() -> dict[str, str]:
    with (PROVINCE / "divisions.csv").open(newline="", encoding="utf-8") as lines:
        names = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    schools = tomllib.loads((PROVINCE / "schools.toml").read_text(encoding="utf-8"))["school"]
    return names | {school["key"]: school["name"] for school in schools}
