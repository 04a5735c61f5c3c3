"""Every exception that a contact can end with stands in the table, by its own name."""

import builtins
import errno
import socket
import ssl

import httpcore
import httpx
import pytest

from nexuslic.adapters.causes import (
    ABOUT_CERTIFICATES,
    NO_NETWORK,
    TABLE,
    cause_of,
    cause_of_status,
)
from nexuslic.rules.words import Cause

OF_FILES = {
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    ChildProcessError,
    ProcessLookupError,
}
"""What the operating system says of files and processes; no operation on a socket raises it."""


def tree(*roots):
    """These classes and all that are made from them, by the libraries that the roots come from."""
    found = list(roots)
    for kind in found:
        found += [one for one in kind.__subclasses__() if one not in found]
    homes = {"builtins", "socket", "ssl", "_ssl", "_socket", "httpx", "httpcore"}
    return [kind for kind in found if kind.__module__.split(".")[0] in homes]


HTTP = tree(httpx.HTTPError, *(e for e in vars(httpcore).values() if isinstance(e, type) and issubclass(e, Exception)))
SYSTEM = [kind for kind in tree(OSError) if kind not in OF_FILES]
MADE = {httpx.HTTPStatusError: lambda: httpx.HTTPStatusError("", request=None, response=None)}


def unnamed(kinds):
    """Those that no row names; that a row names what they are made from is not enough."""
    named = {kind for row in TABLE for kind in row.kinds}
    return [kind for kind in kinds if kind not in named]


def told(error, routed=True):
    return cause_of(error, lambda: routed)


def raised(outer, inner):
    """`outer` as the HTTP library raises it from `inner`, and as its pool raises it again."""
    try:
        try:
            try:
                raise inner
            except BaseException as error:
                raise outer from error
        except BaseException as error:
            raise error from None
    except BaseException as error:
        return error


def ssl_error(reason, kind=ssl.SSLError):
    error = kind(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


def test_a_class_that_is_new_is_found():
    class New(httpx.TransportError):
        pass

    assert unnamed([New]) == [New]


def test_the_trees_are_not_empty():
    assert len(HTTP) > 30
    assert {ssl.SSLEOFError, socket.gaierror, ConnectionResetError, TimeoutError} <= set(SYSTEM)


@pytest.mark.parametrize("kinds", [HTTP, SYSTEM], ids=["http", "system"])
def test_every_exception_is_named_by_a_row(kinds):
    assert unnamed(kinds) == []


@pytest.mark.parametrize("kind", [*HTTP, *SYSTEM], ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_has_a_cause(kind):
    assert told(MADE.get(kind, lambda: kind(""))()) in Cause


@pytest.mark.parametrize("number", sorted(errno.errorcode), ids=errno.errorcode.get)
def test_every_error_number_has_a_cause(number):
    assert told(raised(httpcore.ConnectError(), OSError(number, ""))) in Cause


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.why)
def test_every_row_answers_for_something(row):
    """No row stands behind another that takes everything from it."""
    details = row.details or ("",)
    errors = [
        error
        for kind in row.kinds
        for detail in details
        for around in (row.around or (None,))
        for error in [_example(kind, detail, around)]
    ]
    first = {next(one for one in TABLE if one.fits(_chain(error))) for error in errors}
    assert row in first


def _example(kind, detail, around):
    if issubclass(kind, ssl.SSLError):
        inner = ssl_error(detail, kind)
    elif issubclass(kind, OSError) and detail:
        inner = OSError(getattr(errno, detail), detail)
    else:
        inner = MADE.get(kind, lambda: UnicodeError() if kind is UnicodeError else kind(""))()
    return inner if around is None else raised(around(""), inner)


def _chain(error):
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or (error.__context__ if error.__suppress_context__ else None)
    return tuple(found)


@pytest.mark.parametrize("bug", [ZeroDivisionError(), AttributeError(), KeyboardInterrupt(), ValueError()])
def test_a_bug_has_no_cause(bug):
    assert told(bug) is None


@pytest.mark.parametrize("name", [name for name in NO_NETWORK if hasattr(errno, name)])
def test_no_way_is_offline(name):
    assert told(raised(httpcore.ConnectError(), OSError(getattr(errno, name), name))) is Cause.OFFLINE


@pytest.mark.parametrize("name", ["ECONNREFUSED", "EACCES", "EPERM"])
def test_what_is_forbidden_is_refused(name):
    assert told(raised(httpcore.ConnectError(), OSError(getattr(errno, name), name))) is Cause.REFUSED


@pytest.mark.parametrize("name", ["ETIMEDOUT", "EAGAIN", "EINPROGRESS", "EALREADY"])
def test_what_took_too_long_is_a_timeout(name):
    assert told(raised(httpcore.ConnectError(), OSError(getattr(errno, name), name))) is Cause.TIMEOUT


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL])
@pytest.mark.parametrize("routed, cause", [(True, Cause.DNS), (False, Cause.OFFLINE)])
def test_a_name_that_was_not_found_is_offline_only_where_no_way_leads_out(code, routed, cause):
    assert told(socket.gaierror(code, ""), routed) is cause


def test_what_was_only_being_handled_is_no_reason():
    try:
        try:
            raise TimeoutError
        except TimeoutError:
            raise ConnectionRefusedError  # noqa: B904
    except ConnectionRefusedError as error:
        assert told(error) is Cause.REFUSED


def test_the_route_is_asked_for_only_where_a_name_was_not_found():
    asked = []
    for error in (TimeoutError(), ConnectionRefusedError(), httpcore.ProxyError(), ssl_error("UNSUPPORTED_PROTOCOL")):
        cause_of(error, lambda: asked.append(1) or False)
    assert asked == []


@pytest.mark.parametrize(
    "reason",
    [
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_VERSION_NUMBER",
        "NO_PROTOCOLS_AVAILABLE",
        "NO_SHARED_CIPHER",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_INSUFFICIENT_SECURITY",
        "TLSV1_ALERT_INTERNAL_ERROR",
        "HTTP_REQUEST",
        "A_REASON_OF_TOMORROW",
    ],
)
def test_a_handshake_that_fails_without_a_word_on_certificates_is_the_protocol(reason):
    assert told(raised(httpcore.ConnectError(), ssl_error(reason))) is Cause.TLS_PROTOCOL


@pytest.mark.parametrize("reason", ABOUT_CERTIFICATES)
@pytest.mark.parametrize("outer", [httpcore.ConnectError, httpcore.ReadError])
def test_an_alert_about_a_certificate_is_one_whenever_it_comes(reason, outer):
    assert told(raised(outer(), ssl_error(reason))) is Cause.TLS_CERTIFICATE


def test_a_record_that_was_changed_on_its_way_is_an_untrusted_reply():
    changed = ssl_error("DECRYPTION_FAILED_OR_BAD_RECORD_MAC")
    assert told(raised(httpcore.ReadError(), changed)) is Cause.UNTRUSTED_REPLY


def test_the_numbers_of_ssl_and_of_look_ups_are_not_the_systems():
    """SSL_ERROR_SSL is 1, as EPERM is; EAI_NONAME is 8 on some systems, as ENOEXEC is."""
    assert told(ssl.SSLError(errno.EPERM, "")) is Cause.TLS_PROTOCOL
    assert told(socket.gaierror(errno.ENETUNREACH, "")) is Cause.DNS
    assert told(ssl.SSLError(errno.ENETUNREACH, "")) is Cause.TLS_PROTOCOL


@pytest.mark.parametrize("inner", [ConnectionResetError(), BrokenPipeError(), ConnectionAbortedError()])
@pytest.mark.parametrize(
    "outer, cause", [(httpcore.ConnectError, Cause.TLS_PROTOCOL), (httpcore.ReadError, Cause.SERVER_ERROR)]
)
def test_hanging_up_counts_by_the_step_in_which_it_happens(inner, outer, cause):
    assert told(raised(outer(), inner)) is cause


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOBUFS, errno.ENOMEM])
def test_a_computer_that_can_open_nothing_more_is_offline(number):
    assert told(raised(httpcore.ConnectError(), OSError(number, ""))) is Cause.OFFLINE


@pytest.mark.parametrize(
    "status, cause",
    [
        (200, None),
        (204, Cause.UNTRUSTED_REPLY),
        (301, Cause.UNTRUSTED_REPLY),
        (404, Cause.UNTRUSTED_REPLY),
        (407, Cause.PROXY),
        (429, Cause.SERVER_ERROR),
        (499, Cause.UNTRUSTED_REPLY),
        (500, Cause.SERVER_ERROR),
        (599, Cause.SERVER_ERROR),
        (600, Cause.UNTRUSTED_REPLY),
    ],
)
def test_a_status_has_a_cause(status, cause):
    assert cause_of_status(status) is cause


def test_what_is_left_out_of_the_trees_is_about_files():
    assert {
        kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, OSError)
    } >= OF_FILES
