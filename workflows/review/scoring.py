"""When reviews decide, and what. Pure arithmetic, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from workflows.review.enums import Verdict

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Opinion:
    """One expert's review: verdict, and score in percent."""

    verdict: Verdict
    total: Decimal


def percent(points: Mapping[str, int], full: Mapping[str, int]) -> Decimal:
    """Points of all criteria in percent of the full points, two decimals.

    points, full   criterion key -> whole points; both have the same keys, full is positive
    """
    share = Decimal(sum(points.values())) * 100 / Decimal(sum(full.values()))
    return share.quantize(CENT, ROUND_HALF_UP)


def mean(opinions: Sequence[Opinion]) -> Decimal:
    """Mean score in percent, two decimals."""
    total = sum((opinion.total for opinion in opinions), Decimal(0))
    return (total / len(opinions)).quantize(CENT, ROUND_HALF_UP)


def panel_verdict(opinions: Sequence[Opinion], *, quorum: int, pass_mark: int, outstanding: int) -> Verdict | None:
    """What the panel has decided; None while it has not.

    With at least `quorum` opinions:
      most of them approve and the mean reaches the pass mark  -> approve
      most of them reject                                      -> reject
      all assigned experts have answered (outstanding == 0)    -> request changes
    "Most" is more than half. Otherwise the remaining experts are waited for.
    """
    if len(opinions) < quorum:
        return None
    half = len(opinions) / 2
    approving = sum(opinion.verdict == Verdict.APPROVE for opinion in opinions)
    rejecting = sum(opinion.verdict == Verdict.REJECT for opinion in opinions)
    if approving > half and mean(opinions) >= pass_mark:
        return Verdict.APPROVE
    if rejecting > half:
        return Verdict.REJECT
    return None if outstanding else Verdict.REQUEST_CHANGES
