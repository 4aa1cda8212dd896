"""OpenAI and every server that speaks its protocol, through LangChain with everything said explicitly."""

import math
import os
import time
import warnings
from collections.abc import Iterator
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from copilot.errors import ConfigError
from copilot.models.chat import ChatModel
from copilot.models.endpoint import (
    Answer,
    Ask,
    CallFailed,
    Capabilities,
    capabilities_file,
    read_capabilities,
    write_capabilities,
)
from copilot.models.model import TokenUsage
from copilot.models.prompts import chosen_versions
from copilot.models.tokens import token_counter
from copilot.models.usage import Prices, UsageMeter
from copilot.settings import Settings

if TYPE_CHECKING:
    import httpx2
    import openai
    from langchain_core.messages import AIMessageChunk, BaseMessage
    from langchain_openai import ChatOpenAI

OFFICIAL_BASE_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"  # the client insists on one; local servers do not look
CONNECT_TIMEOUT_S = 5.0
MAX_BYTES = 8_000_000
MAX_CHARACTERS_PER_TOKEN = 16  # what a server that ignores the limit may send before we stop reading
LONGEST_RETRY_AFTER_S = 600.0


class OpenAIEndpoint:
    """Chat completions, always streamed: so an endless or cut answer is noticed while it comes."""

    def __init__(self, model_name: str, base_url: str, api_key: str) -> None:
        self.name = f"openai:{model_name}"
        self._model_name = model_name
        self._base_url = base_url
        self._api_key = api_key

    def warm_up(self) -> None:
        """Load LangChain and build its client."""
        import openai  # noqa: F401, PLC0415 - only when a model is really used
        from langsmith import tracing_context  # noqa: F401, PLC0415 - the same

        _ = self._chat

    def send(self, ask: Ask, capabilities: Capabilities) -> Answer:
        """One streamed call.

        Raises:
            CallFailed: refused, broken off, over its time, or nothing that can be read.
        """
        import httpx2  # noqa: PLC0415 - only when a model is really used
        import openai  # noqa: PLC0415 - the same

        try:
            return self._streamed(ask, capabilities)
        except (openai.APITimeoutError, httpx2.TimeoutException) as error:
            raise CallFailed("did not answer in time", may_retry=True) from error
        except openai.APIStatusError as error:
            raise _refused(error) from error
        except openai.APIConnectionError as error:
            raise CallFailed("could not be reached") from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise CallFailed("broke off its answer") from error
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise CallFailed("answered what is no chat completion") from error

    def _streamed(self, ask: Ask, capabilities: Capabilities) -> Answer:
        from langsmith import tracing_context  # noqa: PLC0415 - only when a model is really used

        most = ask.max_output_tokens * MAX_CHARACTERS_PER_TOKEN
        read = _Reading()
        with tracing_context(enabled=False):
            chunks = self._chat.stream(
                [_message(one.role, one.text) for one in ask.messages],
                timeout=self._timeout(ask.timeout_s),
                stream_usage=capabilities.has_stream_usage,
                extra_body=extra_body(ask, capabilities),
            )
            for chunk in chunks:
                read.add(chunk)
                if read.length > most:
                    return Answer("".join(read.texts)[:most], is_cut=True, usage=None)
        if read.finish_reason is None:
            raise CallFailed("broke off its answer")
        return Answer("".join(read.texts), is_cut=read.finish_reason == "length", usage=read.usage)

    @cached_property
    def _chat(self) -> "ChatOpenAI":
        from langchain_openai import ChatOpenAI  # noqa: PLC0415 - takes 1.3 s
        from pydantic import SecretStr  # noqa: PLC0415 - with it

        # A server's odd chunk would be repeated word for word in this warning, and so in the log.
        warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
        return ChatOpenAI(
            model=self._model_name,
            base_url=self._base_url,
            api_key=SecretStr(self._api_key),
            timeout=CONNECT_TIMEOUT_S,  # each call gives its own
            max_retries=0,  # retried by `patience`, within one deadline
            use_responses_api=False,  # else some model names turn to /v1/responses whatever the server
            stream_usage=True,
            cache=False,
            http_client=bounded_client(),
            http_socket_options=(),  # else a warning about proxies on every start, about the client we do not use
        )

    def _timeout(self, timeout_s: float) -> "httpx2.Timeout":
        import httpx2  # noqa: PLC0415 - only when a model is really used

        return httpx2.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))


class _Reading:
    """What has come of a stream so far."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.length = 0
        self.finish_reason: str | None = None
        self.usage: TokenUsage | None = None

    def add(self, chunk: "AIMessageChunk") -> None:
        """Take a chunk in; reasoning comes in fields of its own, which are not read but counted."""
        text = str(chunk.text)
        self.texts.append(text)
        self.length += max(len(text), 1)
        self.finish_reason = chunk.response_metadata.get("finish_reason") or self.finish_reason
        if chunk.usage_metadata is not None:
            used = chunk.usage_metadata
            self.usage = TokenUsage(used["input_tokens"], used["output_tokens"], "server")


def extra_body(ask: Ask, capabilities: Capabilities) -> dict[str, Any]:
    """What LangChain would rename, drop or send elsewhere when given as its own arguments."""
    field = "max_tokens" if capabilities.limit_field == "ignored" else capabilities.limit_field
    body: dict[str, Any] = {field: ask.max_output_tokens}
    if capabilities.takes_temperature:
        body["temperature"] = 0
    if ask.schema is not None and capabilities.structured == "json_schema":
        schema = {"name": ask.form_name, "strict": True, "schema": ask.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif ask.schema is not None and capabilities.structured == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def build(model_name: str, settings: Settings) -> ChatModel:
    """The model `model_name` at OPENAI_BASE_URL, or at OpenAI's own address with OPENAI_API_KEY.

    Raises:
        ConfigError: no model or no key was given, or COPILOT_PROMPTS names what is not there.
        ImportError: the extra [models] is not installed.
    """
    base_url = os.environ.get("OPENAI_BASE_URL") or OFFICIAL_BASE_URL
    api_key = os.environ.get("OPENAI_API_KEY")
    if not model_name:
        raise ConfigError("COPILOT_MODEL is 'openai': the model's name is missing. Write openai:NAME.")
    if not api_key and base_url == OFFICIAL_BASE_URL:
        raise ConfigError(f"COPILOT_MODEL is 'openai:{model_name}', which needs a key: set OPENAI_API_KEY.")
    if find_spec("langchain_openai") is None:
        raise ImportError("langchain-openai is not installed", name="langchain-openai")
    record = capabilities_file(settings.data_dir, base_url, model_name)
    return ChatModel(
        OpenAIEndpoint(model_name, base_url, api_key or NO_KEY),
        read_capabilities(record, preset(base_url)),
        counter=token_counter(settings.data_dir),
        concurrency=settings.model_concurrency,
        meter=UsageMeter(_prices(settings)),
        versions=chosen_versions(settings.prompts),
        keep=lambda known: write_capabilities(record, known),
    )


def preset(base_url: str) -> Capabilities:
    """What is taken for granted before anything was asked."""
    if base_url.rstrip("/") == OFFICIAL_BASE_URL:
        return Capabilities(limit_field="max_completion_tokens", takes_temperature=False)
    return Capabilities(limit_field="max_tokens")


def _prices(settings: Settings) -> Prices | None:
    sent, answered = settings.model_input_usd_per_million_tokens, settings.model_output_usd_per_million_tokens
    return None if sent is None or answered is None else Prices(sent, answered)


def _message(role: str, text: str) -> "BaseMessage":
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage  # noqa: PLC0415 - with LangChain

    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return kinds[role](content=text)


def _refused(error: "openai.APIStatusError") -> CallFailed:
    after = error.response.headers.get("retry-after", "")
    return CallFailed(
        f"answered with HTTP {error.status_code}",
        status=error.status_code,
        hint=str(error.message),
        after_s=_seconds(after),
    )


def _seconds(header: str) -> float:
    try:
        seconds = float(header)
    except ValueError:  # absent, or a date
        return 0.0
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S) if math.isfinite(seconds) else 0.0


def bounded_client() -> "httpx2.Client":
    """A client whose answers end after the call's timeout in all, and after MAX_BYTES.

    The library's own timeout starts anew with each byte, so that a server could drip for ever.
    """
    import httpx2  # noqa: PLC0415 - only when a model is really used

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, response: httpx2.Response) -> None:
            assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 - the client is not asynchronous
            self._stream = response.stream
            self._until = time.monotonic() + response.request.extensions["timeout"]["read"]

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in self._stream:
                size += len(piece)
                if time.monotonic() > self._until:
                    raise httpx2.ReadTimeout("the whole answer took too long")
                if size > MAX_BYTES:
                    raise httpx2.ReadError("the answer is too large")
                yield piece

        def close(self) -> None:
            self._stream.close()

    def bound(response: httpx2.Response) -> None:
        response.stream = Bounded(response)

    return httpx2.Client(event_hooks={"response": [bound]}, headers={"accept-encoding": "identity"})
