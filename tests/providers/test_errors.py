"""Every error that a library can raise becomes one of ours, and none of its text goes on."""

import builtins
import email.utils
import inspect
import time

import httpcore
import httpx
import openai
import orjson
import pytest

from gateway.providers import (
    ProviderCut,
    ProviderError,
    ProviderFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProvidersBusy,
    ProviderTimeout,
)
from gateway.providers.foreign_errors import TRANSPORT_ERRORS, from_status, retry_after, translate
from gateway.providers.litellm_import import import_litellm

LITELLM = import_litellm().exceptions  # imported as the gateway does, so that it calls nobody
SECRET = "John Smith, AB123456C"
UNKNOWN = translate(KeyError("x")).message


def errors_of(module: object, base: type[BaseException] = Exception) -> list[type[BaseException]]:
    return [item for _, item in inspect.getmembers(module, inspect.isclass) if issubclass(item, base)]


@pytest.mark.parametrize("error_type", errors_of(httpcore), ids=lambda item: item.__name__)
def test_the_transport_catches_each_of_httpcores_errors(error_type: type[BaseException]) -> None:
    assert issubclass(error_type, TRANSPORT_ERRORS)


def raised(error_type: type[BaseException], **fields: object) -> BaseException:
    """An instance without its constructor, whose arguments differ from class to class."""
    error = error_type.__new__(error_type, SECRET)
    for name, value in fields.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    "error_type",
    [*errors_of(httpx), *errors_of(httpcore)],
    ids=lambda item: f"{item.__module__}.{item.__name__}",
)
def test_each_of_httpx_and_httpcores_errors_is_foreseen(error_type: type[BaseException]) -> None:
    ours = translate(raised(error_type))
    assert ours.message != UNKNOWN
    assert SECRET not in str(ours)


@pytest.mark.parametrize(
    "error_type", [*errors_of(LITELLM), *errors_of(openai)], ids=lambda item: item.__name__
)
def test_each_of_litellms_and_openais_errors_is_foreseen(error_type: type[BaseException]) -> None:
    ours = translate(raised(error_type, status_code=500))
    assert ours.message != UNKNOWN
    assert SECRET not in str(ours)


@pytest.mark.parametrize(
    ("error_type", "ours"),
    [
        (httpcore.PoolTimeout, ProvidersBusy),
        (httpcore.ReadTimeout, ProviderTimeout),
        (httpcore.ConnectTimeout, ProviderTimeout),
        (httpcore.ConnectError, ProviderFailed),
        (httpcore.RemoteProtocolError, ProviderFailed),
        (httpx.PoolTimeout, ProvidersBusy),
        (httpx.ReadTimeout, ProviderTimeout),
        (httpx.ConnectTimeout, ProviderTimeout),
        (httpx.ConnectError, ProviderFailed),
        (httpx.RemoteProtocolError, ProviderFailed),
        (httpx.StreamClosed, ProviderCut),
        (builtins.TimeoutError, ProviderTimeout),
        (ConnectionResetError, ProviderFailed),
        (orjson.JSONDecodeError, ProviderFailed),
        (LITELLM.Timeout, ProviderTimeout),
        (LITELLM.RateLimitError, ProviderRateLimited),
        (LITELLM.AuthenticationError, ProviderFailed),
        (LITELLM.BadRequestError, ProviderRefused),
        (LITELLM.ContextWindowExceededError, ProviderRefused),
        (LITELLM.UnsupportedParamsError, ProviderRefused),
        (LITELLM.APIConnectionError, ProviderFailed),
        (LITELLM.ServiceUnavailableError, ProviderFailed),
        (LITELLM.MidStreamFallbackError, ProviderCut),
    ],
)
def test_the_most_specific_error_wins(error_type: type[BaseException], ours: type[ProviderError]) -> None:
    assert type(translate(raised(error_type, status_code=503))) is ours


@pytest.mark.parametrize(
    ("status", "ours", "answered", "retryable"),
    [
        (400, ProviderRefused, 400, False),
        (413, ProviderRefused, 400, False),
        (422, ProviderRefused, 400, False),
        (401, ProviderFailed, 502, False),
        (402, ProviderFailed, 502, False),
        (403, ProviderFailed, 502, False),
        (404, ProviderFailed, 502, False),
        (302, ProviderFailed, 502, False),
        (204, ProviderFailed, 502, False),
        (408, ProviderTimeout, 504, True),
        (429, ProviderRateLimited, 429, True),
        (409, ProviderFailed, 502, True),
        (500, ProviderFailed, 502, True),
        (504, ProviderFailed, 502, True),
        (529, ProviderFailed, 502, True),
    ],
)
def test_a_providers_status_decides(
    status: int, ours: type[ProviderError], answered: int, retryable: bool
) -> None:
    error = from_status(status)
    assert (type(error), error.status, error.retryable) == (ours, answered, retryable)
    assert error.provider_status == status


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        (
            b'{"error": {"code": "invalid_type", "param": "messages[0].name"}}',
            "invalid_type",
            "messages[0].name",
        ),
        (b'{"type": "error", "error": {"type": "overloaded_error"}}', "overloaded_error", None),
        (b'{"error": {"code": "John Smith lives here", "param": 7}}', None, None),
        (b'{"error": {"code": "' + b"x" * 65 + b'"}}', None, None),
        (b'{"error": "John"}', None, None),
        (b"[]", None, None),
        (b"<html>", None, None),
        (b"", None, None),
    ],
)
def test_of_an_error_body_only_machine_names_are_kept(
    body: bytes, code: str | None, param: str | None
) -> None:
    error = from_status(400, {}, body)
    assert (error.provider_code, error.param) == (code, param)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("1.2", 2),
        ("-3", 0),
        ("999999", 3600),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_is_read_as_seconds(value: str, seconds: int | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_is_read_as_a_date() -> None:
    in_a_minute = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert 50 <= (retry_after({"retry-after": in_a_minute}) or 0) <= 61


def test_an_error_of_ours_stays_what_it_is() -> None:
    ours = ProviderRefused("no")
    assert translate(ours) is ours
