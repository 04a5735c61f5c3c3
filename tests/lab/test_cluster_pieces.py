"""Trips are cut into pieces that lose none, are worth sending, and end small."""

from concurrent.futures import CancelledError
from itertools import accumulate
from typing import Any

import attrs
import pytest
from distributed import KilledWorker
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import WorldError
from nexuslic.lab.cluster.makes import Make, unlike
from nexuslic.lab.cluster.pieces import Pieces
from nexuslic.lab.cluster.window import TRIES, Window
from nexuslic.lab.cluster.working import Counted

MINE = Make("1.0", "abc")


@settings(deadline=None)
@given(
    trips=st.integers(0, 10_000),
    least=st.integers(1, 500),
    workers=st.integers(1, 9),
    seconds=st.lists(st.floats(0, 1e6), min_size=1, max_size=9),
)
def test_every_trip_is_in_one_piece(trips: int, least: int, workers: int, seconds: list[float]):
    pieces, taken = Pieces(trips, least), []
    while pieces.left:
        start, many = pieces.take(workers)
        pieces.took(many, seconds[len(taken) % len(seconds)], workers)
        taken.append((start, many))
    ends = list(accumulate((many for _, many in taken), initial=0))
    assert [start for start, _ in taken] == ends[:-1]
    assert ends[-1] == trips


def test_quick_pieces_grow_and_slow_ones_shrink():
    pieces = Pieces(1 << 60, 100)
    pieces.took(1000, 0.01, 1)
    grown = pieces.size
    pieces.took(1000, 100.0, 1)
    assert (grown, pieces.size) == (2000, 500)


def test_on_many_workers_pieces_take_longer():
    pieces = Pieces(1 << 60, 100)
    pieces.took(1000, 10.0, 1000)
    assert pieces.size == 2000


def test_no_piece_is_below_the_least_but_the_last():
    pieces = Pieces(250, 100)
    assert [pieces.take(50) for _ in range(3)] == [(0, 100), (100, 100), (200, 50)]


@attrs.define(eq=False)
class Sent:
    """A piece that ends as it is told."""

    key: str
    status: str
    error: Exception | None = None

    def add_done_callback(self, told: Any) -> None:
        told(self)

    def exception(self) -> Exception | None:
        return self.error

    def result(self, timeout: float) -> Counted:
        raise CancelledError

    def release(self) -> None:
        pass


@attrs.define(slots=False)
class Broken:
    """A cluster on which every piece ends alike."""

    status: str
    error: Exception | None = None
    sent: int = 0

    def submit(self, *args: Any, pure: bool) -> Sent:
        self.sent += 1
        return Sent(f"piece-{self.sent}", self.status, self.error)

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}


def fetched(client: Broken) -> str:
    window = Window(client, "--workers 1", None, MINE, patience=1)
    window.send(100, 50)
    with pytest.raises(WorldError) as caught:
        while True:
            list(window.fetch())
    return str(caught.value)


def test_a_piece_that_ends_every_worker_is_given_up_in_the_end():
    client = Broken("error", KilledWorker("piece", None, 3))
    said = fetched(client)
    assert said.startswith("--workers 1: the trips 100 to 149 ended every worker that counted them, 10 times over: ")
    assert client.sent == TRIES


@attrs.define
class Lost(Sent):
    """A piece that had ended when its worker went, and that ends again."""

    told: int = 0

    def add_done_callback(self, told: Any) -> None:
        self.told += 1
        self.status = self.status if self.told == 1 else "cancelled"
        told(self)


@pytest.mark.parametrize("status", ["pending", "lost"])
def test_a_piece_whose_worker_went_before_it_was_fetched_is_awaited_again(status: str):
    client = Broken(status)
    piece = Lost("piece-1", status)
    client.submit = lambda *args, pure: piece
    assert fetched(client).startswith("--workers 1: the scheduler is gone")
    assert piece.told == 2


@pytest.mark.parametrize("status", ["cancelled", "finished"])
def test_a_piece_that_is_lost_with_the_scheduler_says_so(status: str):
    assert fetched(Broken(status)).startswith("--workers 1: the scheduler is gone")


def test_what_goes_wrong_in_counting_is_not_hidden():
    window = Window(Broken("error", ZeroDivisionError("ours")), "x", None, MINE, patience=1)
    window.send(0, 1)
    with pytest.raises(ZeroDivisionError, match="ours"):
        list(window.fetch())


def test_a_window_lets_so_many_pieces_out_and_no_more():
    window = Window(Broken("pending"), "x", None, MINE, patience=1)
    while window.room:
        window.send(0, 1)
    assert len(window.out) == 3


@pytest.mark.parametrize(
    ("found", "wanted", "said"),
    [
        (Make("2.0", "abc"), MINE, "has nexuslic 2.0, and this computer 1.0: "),
        (Make("1.0", "xyz"), MINE, "has nexuslic 1.0 too, but with other lines in it (xyz, here abc): "),
        (Make("1.0", "abc", ("numba", "numpy")), MINE, "lacks numba and numpy: "),
        (MINE, Make("1.0", "abc", ("numba",)), "has numba, which this computer lacks or was told not to use: "),
    ],
)
def test_a_worker_that_differs_is_told_how(found: Make, wanted: Make, said: str):
    assert unlike(found, wanted) == f"{said}install the same nexuslic[lab] on each, and start the workers again"
