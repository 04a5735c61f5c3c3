"""The clock on a connection: nobody holds a place by being slow, and nobody who waits for us is cut off."""

import asyncio
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from nexuslic.server import connections
from nexuslic.server.connections import TimedProtocol, timed
from nexuslic.server.settings import Connections

REQUEST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
LIMITS = Connections(request=10, idle=3, most=2)


@attrs.define(eq=False)
class Timer:
    """A call that a loop was asked for."""

    seconds: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@attrs.define(eq=False)
class Loop:
    """A loop that runs nothing: what it was asked for is looked at."""

    timers: list[Timer] = attrs.Factory(list)

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, call))
        return self.timers[-1]

    def create_task(self, work: Any) -> asyncio.Future[None]:
        work.close()
        return asyncio.Future(loop=OUTER)


OUTER = asyncio.new_event_loop()
OUTER.close()


@attrs.define(eq=False)
class Transport:
    """A connection whose other side does what the test says."""

    gone: bool = False
    written: bytes = b""

    def abort(self) -> None:
        self.gone = True

    close = abort

    def is_closing(self) -> bool:
        return self.gone

    def get_extra_info(self, name: str) -> None:
        return None

    def write(self, data: bytes) -> None:
        self.written += data

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def _application(scope: Any, receive: Any, send: Any) -> None: ...


@attrs.define(eq=False)
class Bench:
    """Connections of one server."""

    loop: Loop = attrs.Factory(Loop)
    state: ServerState = attrs.Factory(ServerState)
    config: Config = attrs.Factory(lambda: Config(_application, ws="none", lifespan="off", log_config=None))
    made: type[TimedProtocol] = attrs.Factory(lambda: timed(LIMITS))

    def connection(self) -> tuple[TimedProtocol, Transport]:
        made = self.made(self.config, self.state, {}, self.loop)  # type: ignore[arg-type]
        transport = Transport()
        made.connection_made(transport)  # type: ignore[arg-type]
        return made, transport

    def running(self) -> list[float]:
        """The clocks that run, in seconds."""
        return [one.seconds for one in self.loop.timers if not one.cancelled]

    def ring(self) -> None:
        """Let all the time go by."""
        for one in self.loop.timers:
            if not one.cancelled:
                one.call()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_clock_runs_from_the_first_moment(bench: Bench):
    _, transport = bench.connection()
    assert bench.running() == [10]
    bench.ring()
    assert transport.gone


@pytest.mark.parametrize("size", range(1, len(REQUEST)))
def test_a_byte_now_and_then_does_not_turn_it_back(bench: Bench, size: int):
    connection, _ = bench.connection()
    for place in range(size):
        connection.data_received(REQUEST[place : place + 1])
    assert [one.cancelled for one in bench.loop.timers] == [False]


def test_it_stops_where_the_request_is_whole(bench: Bench):
    connection, _ = bench.connection()
    connection.data_received(REQUEST)
    assert bench.running() == []


def answered(connection: TimedProtocol) -> None:
    connection.cycle.response_complete = True
    connection.on_response_complete()


def test_after_an_answer_only_the_time_between_two_requests_runs(bench: Bench):
    bench.config.timeout_keep_alive = 3
    connection, _ = bench.connection()
    connection.data_received(REQUEST)
    answered(connection)
    assert bench.running() == [3]


@pytest.mark.parametrize("data", [b"\r\n", b"P", REQUEST[:-1]])
def test_whatever_comes_after_an_answer_starts_it_again(bench: Bench, data: bytes):
    connection, _ = bench.connection()
    connection.data_received(REQUEST)
    answered(connection)
    connection.data_received(data)
    assert bench.running() == [10]


def test_a_second_request_behind_the_first_has_its_clock(bench: Bench):
    connection, _ = bench.connection()
    connection.data_received(REQUEST + REQUEST[:-1])
    assert bench.running() == [10]


HEAD = b"GET / HTTP/1.1\r\nA: "
CHUNKS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "more", "times"),
    [
        (HEAD, b"x" * 1024, connections.HEAD_BYTES // 1024),
        (HEAD, b"x\r\nA: " * 1024, connections.HEAD_BYTES // 6144),
        (b"", b"\r\n" * 1024, connections.HEAD_BYTES // 2048),
        (CHUNKS, b"1000\r\n" + b"x" * 0x1000 + b"\r\n", connections.WHOLE_BYTES // 0x1000),
        (CHUNKS + b"0\r\nA: ", b"x" * 65536, connections.WHOLE_BYTES // 65536),
    ],
    ids=["one header", "many headers", "empty lines", "chunks", "a trailer"],
)
def test_what_does_not_end_is_cut_off(bench: Bench, start: bytes, more: bytes, times: int):
    connection, transport = bench.connection()
    connection.data_received(start)
    for _ in range(times + 1):
        connection.data_received(more)
        if transport.gone:
            break
    assert transport.gone


def test_requests_one_after_the_other_are_no_big_one(bench: Bench):
    connection, transport = bench.connection()
    for _ in range(connections.HEAD_BYTES // len(REQUEST) + 1):
        connection.data_received(REQUEST)
        answered(connection)
    assert not transport.gone


def test_who_does_not_read_the_answer_is_cut_off(bench: Bench):
    connection, transport = bench.connection()
    connection.data_received(REQUEST)
    connection.pause_writing()
    bench.ring()
    assert transport.gone


def test_who_reads_on_is_not(bench: Bench):
    connection, _ = bench.connection()
    connection.data_received(REQUEST)
    connection.pause_writing()
    connection.resume_writing()
    assert bench.running() == []


def test_no_clock_outlives_its_connection(bench: Bench):
    connection, _ = bench.connection()
    connection.data_received(REQUEST[:5])
    connection.pause_writing()
    connection.connection_lost(None)
    assert bench.running() == []


def busy(bench: Bench) -> tuple[TimedProtocol, Transport]:
    connection, transport = bench.connection()
    connection.data_received(REQUEST)
    return connection, transport


def test_of_twice_as_many_as_there_may_be_each_one_more_is_closed(bench: Bench):
    held = [busy(bench)[1].gone for _ in range(4)]
    assert [*held, bench.connection()[1].gone] == [False, False, False, False, True]


def test_where_all_places_are_taken_who_is_idle_longest_makes_room(bench: Bench):
    first, second = busy(bench), bench.connection()
    third, fourth = bench.connection(), bench.connection()
    assert [one[1].gone for one in (first, second, third, fourth)] == [False, True, True, False]
    assert bench.state.connections == {first[0], fourth[0]}


def test_who_was_answered_is_idle_again(bench: Bench):
    first, second = busy(bench), busy(bench)
    answered(first[0])
    bench.connection()
    assert (first[1].gone, second[1].gone) == (True, False)


def test_who_is_gone_makes_no_room(bench: Bench):
    first, second = bench.connection(), busy(bench)
    first[0].connection_lost(None)
    bench.connection()
    assert (second[1].gone, len(bench.made.idle)) == (False, 1)


def test_as_many_requests_at_once_as_may_be_are_taken(bench: Bench):
    connection, transport = bench.connection()
    connection.data_received(REQUEST * (connections.AT_ONCE + 1))
    assert not transport.gone


def test_too_many_requests_at_once_are_cut_off(bench: Bench):
    connection, transport = bench.connection()
    connection.data_received(REQUEST * (connections.AT_ONCE + 2))
    assert transport.gone


def test_headers_behind_a_body_are_not_kept(bench: Bench):
    connection, _ = bench.connection()
    connection.data_received(CHUNKS + b"0\r\n" + b"A: a\r\n" * 100 + b"\r\n")
    assert len(connection.headers) == 1
