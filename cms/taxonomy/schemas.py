"""Shapes that the JSON API of several rooms is asked with."""

from typing import Annotated

from ninja import Field

RowId = Annotated[int, Field(ge=1, lt=2**63)]
"""The number of a row of the curriculum: no database of ours holds another, and SQLite cannot be asked for one."""
