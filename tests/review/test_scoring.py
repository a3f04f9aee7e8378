"""When reviews decide, and what."""

from decimal import Decimal

import pytest

from workflows.review.enums import Verdict
from workflows.review.scoring import Opinion, mean, panel_verdict, percent

YES, MEND, NO = Verdict.APPROVE, Verdict.REQUEST_CHANGES, Verdict.REJECT


def opinions(*pairs: tuple[Verdict, int]) -> list[Opinion]:
    return [Opinion(verdict, Decimal(total)) for verdict, total in pairs]


@pytest.mark.parametrize(
    ("points", "full", "said"),
    [
        ({"a": 40, "b": 60}, {"a": 40, "b": 60}, "100.00"),
        ({"a": 0, "b": 0}, {"a": 40, "b": 60}, "0.00"),
        ({"a": 1}, {"a": 3}, "33.33"),
        ({"a": 2}, {"a": 3}, "66.67"),
        ({"a": 36, "b": 52}, {"a": 40, "b": 60}, "88.00"),
        ({"a": 1, "b": 1}, {"a": 16, "b": 16}, "6.25"),
    ],
)
def test_percent_is_of_all_points_with_two_decimals(points: dict[str, int], full: dict[str, int], said: str) -> None:
    assert percent(points, full) == Decimal(said)


def test_mean_rounds_half_up() -> None:
    assert mean([Opinion(YES, Decimal("66.67")), Opinion(YES, Decimal("66.68"))]) == Decimal("66.68")
    assert mean(opinions((YES, 70))) == Decimal(70)


@pytest.mark.parametrize(
    ("given", "outstanding", "decided"),
    [
        ([], 3, None),
        ([(YES, 90)], 2, None),  # below the quorum
        ([(YES, 90), (YES, 80)], 1, YES),  # the third is not waited for
        ([(YES, 70), (YES, 70)], 0, YES),  # exactly the mark
        ([(YES, 69), (YES, 70)], 1, None),  # the mean fails, the third may lift it
        ([(YES, 69), (YES, 70)], 0, MEND),
        ([(YES, 100), (NO, 10)], 1, None),  # half is not most
        ([(YES, 100), (NO, 10)], 0, MEND),
        ([(YES, 100), (NO, 10), (YES, 100)], 0, YES),
        ([(NO, 10), (NO, 20)], 1, NO),
        ([(NO, 90), (NO, 90), (YES, 90)], 0, NO),
        ([(MEND, 60), (MEND, 60)], 1, None),
        ([(MEND, 60), (MEND, 60), (MEND, 60)], 0, MEND),
        ([(YES, 100), (MEND, 90), (NO, 90)], 0, MEND),
    ],
)
def test_panel_verdict(given: list[tuple[Verdict, int]], outstanding: int, decided: Verdict | None) -> None:
    assert panel_verdict(opinions(*given), quorum=2, pass_mark=70, outstanding=outstanding) == decided


def test_panel_of_one() -> None:
    assert panel_verdict(opinions((YES, 70)), quorum=1, pass_mark=70, outstanding=0) == YES
    assert panel_verdict(opinions((NO, 99)), quorum=1, pass_mark=70, outstanding=0) == NO
