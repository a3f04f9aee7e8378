"""What the review room adds to the home page: what waits for me, and how far my own works are."""

from typing import Any

from cms.library.sections import Section
from workflows.review.queries import own_submissions, reviews, waiting_count, worklist
from workflows.review.views.cards import card, desk_url
from workflows.review.views.lists import BUTTONS

SHOWN = 3


class WaitsForMe(Section):
    """The most urgent of the worklist, and how many there are: three queries and those of cards."""

    template_name = "review/home_waiting.html"
    order = 10

    def context(self) -> dict[str, Any] | None:
        if not reviews(self.request.user):
            return None
        waiting: Any = worklist(self.request.user)[:SHOWN]  # annotated with `wait_due` and `deed`
        rows = [
            {
                "card": {**card(submission, url=desk_url(submission)), "due": submission.wait_due},
                "deed": BUTTONS[submission.deed],
            }
            for submission in waiting
        ]
        return {"rows": rows, "number": waiting_count(self.request.user)}


class MyWorks(Section):
    """What I sent, what moved last first, each with its path: one query."""

    template_name = "review/home_mine.html"
    order = 20

    def context(self) -> dict[str, Any] | None:
        sent = own_submissions(self.request.user)[:SHOWN]
        return {"cards": [card(submission, url=desk_url(submission), with_path=True) for submission in sent]}
