"""Clients that know nothing of us, against a real gateway: openai (sync, async, streams, tools, responses, embeddings) and LangChain."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import openai
import pytest
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

MODEL = "script/scripted"
HELLO: Any = [{"role": "user", "content": "weather in Oslo"}]
_PEOPLE = {"type": "object", "properties": {"people": {"type": "integer"}}}
TOOLS: Any = [{"type": "function", "function": {"name": "book", "parameters": _PEOPLE}}]
SUNNY = "It is sunny in Oslo."


@pytest.fixture
def client(gateway: Any) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0) as stock:
        yield stock


@pytest.fixture
async def aclient(gateway: Any) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0) as stock:
        yield stock


def responding(gateway: Any) -> dict[str, Any]:
    """Return an answer of a server that speaks /v1/responses, which is at the connection ``afar``."""
    gateway.source.put_connection("afar", "open_ai", {"base_url": f"http://{gateway.other_address}/v1"}, {"api_key": "k"})
    content = [{"type": "output_text", "text": SUNNY, "annotations": []}]
    message = {"type": "message", "id": "m1", "role": "assistant", "status": "completed", "content": content}
    about = {"id": "r1", "object": "response", "created_at": 1, "model": "m", "status": "completed", "parallel_tool_calls": True}
    usage = {"input_tokens": 3, "output_tokens": 5, "total_tokens": 8}
    return {**about, "tool_choice": "auto", "tools": [], "output": [message], "usage": usage}


def served(gateway: Any, answer: dict[str, Any], *, stream: bool = False) -> None:
    gateway.other.streams.clear()
    if not stream:
        gateway.other.answers["/v1/responses"] = (200, b"application/json", json.dumps(answer).encode())
        return
    gateway.other.answers["/v1/responses"] = (200, b"text/event-stream", b"")
    (message,) = answer["output"]
    begun = {**answer, "status": "in_progress", "output": [], "usage": None}
    at = {"item_id": "m1", "output_index": 0, "content_index": 0, "logprobs": []}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": {**message, "content": [], "status": "in_progress"}},
        {"type": "response.content_part.added", **at, "part": {**message["content"][0], "text": ""}},
        *({"type": "response.output_text.delta", **at, "delta": word} for word in ("It is ", "sunny in ", "Oslo.")),
        {"type": "response.output_text.done", **at, "text": SUNNY},
        {"type": "response.output_item.done", "output_index": 0, "item": message},
        {"type": "response.completed", "response": answer},
    ]
    gateway.other.streams["/v1/responses"] = [
        f"event: {event['type']}\ndata: {json.dumps({**event, 'sequence_number': number})}\n\n".encode()
        for number, event in enumerate(events)
    ]


def test_openai_chats_and_streams(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model=MODEL, messages=HELLO)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == (SUNNY, "stop")
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    pieces = list(client.chat.completions.create(model=MODEL, messages=HELLO, stream=True, stream_options={"include_usage": True}))
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices) == SUNNY
    assert pieces[-1].usage is not None
    assert pieces[-1].usage.completion_tokens > 0
    with client.chat.completions.with_streaming_response.create(model=MODEL, messages=HELLO) as raw:
        assert SUNNY in raw.parse().choices[0].message.content  # type: ignore[operator]
        assert raw.headers["x-request-id"] in raw.headers["traceparent"]


def test_openai_calls_tools(client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "book a table"}]
    message = client.chat.completions.create(model=MODEL, messages=asked, tools=TOOLS).choices[0].message
    assert message.tool_calls is not None
    (call,) = message.tool_calls
    assert (call.type, call.function.name, call.function.arguments) == ("function", "book", '{"people":2}')  # type: ignore[union-attr]
    told: Any = [*asked, message.to_dict(), {"role": "tool", "tool_call_id": call.id, "content": "weather in Rome"}]
    assert client.chat.completions.create(model=MODEL, messages=told, tools=TOOLS).choices[0].message.role == "assistant"
    parts = [
        part
        for piece in client.chat.completions.create(model=MODEL, messages=asked, tools=TOOLS, stream=True)
        for part in piece.choices[0].delta.tool_calls or []
    ]
    assert "".join((part.function.arguments or "") for part in parts if part.function) == '{"people":2}'


def test_openai_completes_embeds_and_lists(client: openai.OpenAI) -> None:
    assert client.completions.create(model=MODEL, prompt="weather in Rome").choices[0].text == "It is sunny in Rome."
    text = "".join(piece.choices[0].text for piece in client.completions.create(model=MODEL, prompt="weather in Rome", stream=True))
    assert text == "It is sunny in Rome."
    made = client.embeddings.create(model=MODEL, input=["a", "b"])
    assert [len(entry.embedding) == len(made.data[0].embedding) > 0 for entry in made.data] == [True, True]
    assert MODEL in [model.id for model in client.models.list()]


def test_openai_responses(gateway: Any, client: openai.OpenAI) -> None:
    served(gateway, responding(gateway))
    answer = client.responses.create(model="afar/m", input="weather in Oslo")
    assert (answer.output_text, answer.status) == (SUNNY, "completed")
    served(gateway, responding(gateway), stream=True)
    with client.responses.stream(model="afar/m", input="weather in Oslo") as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text == SUNNY
    assert (kinds[0], kinds[-1]) == ("response.created", "response.completed")
    assert "response.output_text.delta" in kinds
    # One that its server ends too early looks like no whole answer.
    gateway.other.streams["/v1/responses"] = gateway.other.streams["/v1/responses"][:3]
    with pytest.raises(openai.APIError, match="before the answer was whole"):
        list(client.responses.create(model="afar/m", input="weather in Oslo", stream=True))


async def test_openai_async(gateway: Any, aclient: openai.AsyncOpenAI) -> None:
    answer = await aclient.chat.completions.create(model=MODEL, messages=HELLO)
    assert answer.choices[0].message.content == SUNNY
    stream = await aclient.chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    assert "".join([piece.choices[0].delta.content or "" async for piece in stream if piece.choices]) == SUNNY
    served(gateway, responding(gateway))
    assert (await aclient.responses.create(model="afar/m", input="weather in Oslo")).output_text == SUNNY
    # One that is closed halfway ends its call.
    slow: Any = [{"role": "user", "content": "slow"}]
    async with await aclient.chat.completions.create(model=MODEL, messages=slow, stream=True) as halfway:
        async for piece in halfway:
            assert piece.choices
            break


def test_openai_sees_its_own_errors(gateway: Any, client: openai.OpenAI) -> None:
    def ask(text: str, **more: Any) -> None:
        client.chat.completions.create(model=more.pop("model", MODEL), messages=[{"role": "user", "content": text}], **more)

    with pytest.raises(openai.RateLimitError) as limited:
        ask("limited")
    assert (limited.value.code, limited.value.response.headers["retry-after"]) == ("rate_limited", "1")
    with pytest.raises(openai.NotFoundError) as unknown:
        ask("hi", model="no-such-model")
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.APITimeoutError):
        ask("wait long", timeout=0.2)
    with pytest.raises(openai.APIError, match="before the answer was whole"):
        list(client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "break off"}], stream=True))
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()
    with pytest.raises(openai.PermissionDeniedError):
        client.with_options(api_key="reader").chat.completions.create(model=MODEL, messages=HELLO)


def test_an_endpoint_of_a_model_is_an_openai_server(gateway: Any) -> None:
    from support.endpoint_routes import deployment, endpoint

    found = deployment("blue", gateway.engine.address, model="scripted", token="engine-key")
    gateway.source.put_endpoint(endpoint({"blue": 100}, found, name="chat"))
    gateway.source.add_key("own", scope="endpoint:id-chat")
    with openai.OpenAI(base_url=f"{gateway.url}/endpoints/chat/v1", api_key="own", max_retries=0) as stock:
        assert stock.chat.completions.create(model="scripted", messages=HELLO).choices[0].message.content == SUNNY
        stream = stock.chat.completions.create(model="scripted", messages=HELLO, stream=True)
        assert "".join(piece.choices[0].delta.content or "" for piece in stream if piece.choices) == SUNNY


async def test_langchain(gateway: Any) -> None:
    chat = ChatOpenAI(model=MODEL, base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0)  # type: ignore[arg-type]
    assert chat.invoke("weather in Oslo").content == SUNNY
    assert "".join(str(piece.content) for piece in chat.stream("weather in Oslo")) == SUNNY
    assert (await chat.ainvoke("weather in Oslo")).content == SUNNY
    assert [answer.content for answer in chat.batch(["weather in Oslo", "weather in Rome"])] == [SUNNY, "It is sunny in Rome."]

    @tool
    def book(people: int) -> str:
        """Book a table."""
        return f"a table for {people}"

    (call,) = chat.bind_tools([book]).invoke([HumanMessage("book a table")]).tool_calls
    assert (call["name"], call["args"]) == ("book", {"people": 2})
    embeddings = OpenAIEmbeddings(
        model=MODEL,
        base_url=f"{gateway.url}/v1",
        api_key="invoker",  # type: ignore[arg-type]
        check_embedding_ctx_length=False,
    )
    assert len(embeddings.embed_query("a")) == len(embeddings.embed_documents(["a"])[0]) > 0
