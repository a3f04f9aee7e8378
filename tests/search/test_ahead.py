"""A question that is on its way while whoever asked goes on: its answer, its failure, the end of the process."""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from search.engines import ahead as module
from search.engines.ahead import MOST, ahead, later, sent
from search.engines.elasticsearch import ElasticsearchEngine
from search.errors import IndexUnavailable
from tests.search.conftest import ask
from tests.search.stub import stub

PATIENCE = 10.0


def test_question_has_left_when_the_caller_goes_on_and_its_answer_is_heard_later() -> None:
    asked: list[int] = []
    answer = threading.Event()

    def call() -> str:
        asked.append(threading.get_ident())
        sent()
        assert answer.wait(PATIENCE)
        return "an answer"

    heard = ahead(call)
    assert len(asked) == 1
    assert asked != [threading.get_ident()]
    answer.set()
    assert (heard(), heard()) == ("an answer", "an answer")
    assert len(asked) == 1


def test_what_never_says_that_it_was_sent_is_over_when_the_caller_goes_on() -> None:
    done: list[str] = []
    heard = ahead(lambda: done.append("done"))
    assert done == ["done"]
    heard()
    assert done == ["done"]


@pytest.mark.parametrize("says_so", [False, True])
def test_failure_is_raised_where_the_answer_is_heard(says_so: bool) -> None:
    def call() -> None:
        if says_so:
            sent()
        raise IndexUnavailable("unreachable")

    heard = ahead(call)
    with pytest.raises(IndexUnavailable, match="unreachable"):
        heard()


def test_later_asks_when_the_answer_is_wanted_and_sent_is_for_nobody() -> None:
    asked: list[str] = []
    heard = later(lambda: asked.append("asked"))
    assert asked == []
    heard()
    assert asked == ["asked"]
    sent()


def test_one_too_many_waits_until_another_is_answered() -> None:
    answer, begun = threading.Event(), threading.Semaphore(0)

    def call() -> int:
        begun.release()
        sent()
        assert answer.wait(PATIENCE)
        return threading.get_ident()

    heard = [ahead(call) for _ in range(MOST)]
    assert all(begun.acquire(timeout=PATIENCE) for _ in range(MOST))
    with ThreadPoolExecutor(1) as another:
        last = another.submit(lambda: ahead(call)())
        assert not begun.acquire(timeout=0.2)
        answer.set()
        assert last.result(PATIENCE) in {one() for one in heard}


def test_without_a_new_thread_the_call_is_made_once_whoever_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool keeps what it has no new thread for, and an old thread may come to it later."""
    go_on = threading.Event()
    made: list[str] = []

    def occupied() -> None:
        sent()
        assert go_on.wait(PATIENCE)

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    module._threads.cache_clear()  # a pool without threads, so that its only one is occupied
    over = ahead(occupied)
    with monkeypatch.context() as few:
        few.setattr(threading.Thread, "start", refuse)
        heard = ahead(lambda: made.append("made"))
    heard()
    go_on.set()
    over()
    module._threads(os.getpid()).shutdown(wait=True)
    module._threads.cache_clear()
    heard()
    assert made == ["made"]


def _in_child(line: Connection) -> None:
    line.send(ahead(lambda: "asked by the child")())


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_child_of_a_fork_asks_with_threads_of_its_own() -> None:
    assert ahead(lambda: "asked by the parent")() == "asked by the parent"
    hearing, saying = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_in_child, args=(saying,))
    child.start()
    assert hearing.poll(PATIENCE)
    assert hearing.recv() == "asked by the child"
    child.join(PATIENCE)
    assert child.exitcode == 0


def run(program: str) -> str:
    here = Path(module.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=here, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout + done.stderr


def test_question_of_a_process_that_is_ending_is_answered_none_the_less() -> None:
    said = run("""
import threading, time
from concurrent.futures import thread
from search.engines.ahead import ahead

def last_request():
    while not thread._shutdown:
        time.sleep(0.01)
    print(ahead(lambda: "answered")())

ahead(lambda: None)()
threading.Thread(target=last_request).start()
""")
    assert said == "answered\n"


def test_process_ends_though_nobody_hears_the_answer() -> None:
    said = run("""
import threading, time
from search.engines.ahead import ahead, sent

def call():
    sent()
    time.sleep(0.3)
    raise ValueError("nobody hears this")

ahead(call)
print("over")
""")
    assert said == "over\n"


def hanging(reached: threading.Event, answer: threading.Event) -> Callable[..., tuple[int, dict[str, str]]]:
    def hang(*_request: object) -> tuple[int, dict[str, str]]:
        reached.set()
        assert answer.wait(PATIENCE)
        return 404, {}

    return hang


def test_elasticsearch_is_heard_after_its_question_has_left() -> None:
    reached, answer = threading.Event(), threading.Event()
    with stub(hanging(reached, answer)) as url:
        engine = ElasticsearchEngine(url, timeout=PATIENCE)
        heard = ahead(lambda: engine.search(ask("浮力")))  # returns though the server is silent
        assert reached.wait(PATIENCE)
        answer.set()
        with pytest.raises(IndexUnavailable):
            heard()
        engine.close()
