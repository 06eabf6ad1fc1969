import asyncio
import itertools
import json
import threading
import time
from typing import Any

import openai
import pytest

from flowyard.inference.providers.scripted_app import ScriptedApp
from support.memory_installation import Served
from support.recording_upstream import Upstream


def client(gateway: Any, key: str = "invoker") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0)


def say(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_openai_client_chats_with_a_connections_model(gateway: Any) -> None:
    with client(gateway) as api:
        answer = api.chat.completions.create(model="script/scripted", messages=say("weather in Oslo"), temperature=0.5)
    assert answer.choices[0].message.content == "It is sunny in Oslo."
    assert answer.usage.completion_tokens == 5
    span = gateway.span()
    assert (span.kind, span.name, span.model, span.provider) == ("llm", "chat script/scripted", "script/scripted", "scripted")
    assert (span.prompt_tokens, span.completion_tokens, span.workspace_id) == (3, 5, "w1")
    assert span.attributes["gen_ai.input.messages"] == [{"role": "user", "parts": [{"type": "text", "content": "weather in Oslo"}]}]
    assert span.attributes["gen_ai.output.messages"][0]["parts"] == [{"type": "text", "content": "It is sunny in Oslo."}]
    assert span.attributes["gen_ai.request.temperature"] == 0.5
    assert span.attributes["gen_ai.response.finish_reasons"] == ["stop"]


def test_a_call_tells_whose_key_for_which_user_and_when_its_answer_began(gateway: Any) -> None:
    with client(gateway) as api:
        api.chat.completions.create(model="script/scripted", messages=say("weather in Oslo"), user="bob")
        list(api.chat.completions.create(model="script/scripted", messages=say("weather in Rome"), stream=True))
    whole, streamed = gateway.span(lambda record: record.user_id == "bob"), gateway.span(lambda record: record.first_token_ns is not None)
    assert (whole.api_key, whole.user_id, whole.first_token_ns, whole.error_type) == ("invoker", "bob", None, None)
    assert (streamed.api_key, streamed.user_id) == ("invoker", None)
    assert 0 < streamed.first_token_ns <= streamed.duration_ns


def test_the_slots_of_a_running_engine_are_told(gateway: Any) -> None:
    def slots() -> tuple[float, float, float]:
        gateway.request("GET", "/metrics")
        readings = gateway.server.seen[-1].json()
        names = ("flowyard_engine_busy_slots", "flowyard_engine_slots", "flowyard_engine_active_requests")
        return tuple(sum(reading[1] for reading in readings[name]) for name in names)

    assert slots() == (0, 0, 0), "no engine runs"
    with client(gateway) as api:
        api.chat.completions.create(model="small", messages=say("weather in Oslo"))
        assert slots() == (0, 2, 0)

        def call() -> None:
            list(api.chat.completions.create(model="small", messages=say("slow"), stream=True))

        calls = [threading.Thread(target=call) for _ in range(3)]
        for thread in calls:
            thread.start()
        deadline = time.monotonic() + 5
        while (found := slots())[2] < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert found == (2, 2, 3), "two are computed, one waits"
        for thread in calls:
            thread.join()


def test_a_call_costs_what_its_connection_states(gateway: Any) -> None:
    script = "rules: [{match: weather, answer: It is sunny in Oslo.}]"
    gateway.source.put_connection("dear", "scripted", {"script": script, "prices": '{"scripted": {"input": 100, "output": 1000}}'})
    gateway.source.put_connection("half", "scripted", {"script": script, "prices": '{"*": {"input": 100}}'})
    with client(gateway) as api:
        for name in ("dear", "half"):
            api.chat.completions.create(model=f"{name}/scripted", messages=say("weather in Oslo"))
    costs = {name: gateway.span(lambda record, name=name: record.model == f"{name}/scripted").cost_micros for name in ("dear", "half")}
    assert costs == {"dear": 3 * 100 + 5 * 1000, "half": None}, "what is not known is not 0"


def test_a_local_call_costs_nothing_or_what_the_workspace_says(gateway: Any) -> None:
    with client(gateway) as api:
        api.chat.completions.create(model="small", messages=say("weather in Oslo"))
        assert gateway.span(lambda record: record.model == "small").cost_micros == 0
        gateway.source.put_connection("local", "local", {"prices": '{"small": {"input": 10, "output": 20}}'})
        time.sleep(0.2)
        api.chat.completions.create(model="local/small", messages=say("weather in Oslo"))
    span = gateway.span(lambda record: record.model == "local/small")
    assert span.cost_micros == span.prompt_tokens * 10 + span.completion_tokens * 20
    assert not any(model["id"].startswith("local/") for model in gateway.request("GET", "/v1/models").json()["data"])


@pytest.mark.parametrize(
    ("more", "session", "user"),
    [
        ({"extra_headers": {"x-flowyard-session": "s1", "x-flowyard-user": "ann"}, "user": "bob"}, "s1", "ann"),
        ({"extra_headers": {"baggage": "session.id=s%202;prop=1, user.id=ann"}}, "s 2", "ann"),
        ({"extra_headers": {"baggage": "gen_ai.conversation.id=c1,enduser.id=eva"}}, "c1", "eva"),
        ({"extra_body": {"conversation": {"id": "conv_1"}}, "safety_identifier": "hash", "user": "bob"}, "conv_1", "hash"),
        ({"extra_body": {"conversation": "conv_2"}}, "conv_2", None),
        ({"metadata": {"session_id": "s3", "user_id": "ann"}}, "s3", "ann"),
        ({"metadata": {"conversation_id": "x" * 300}, "prompt_cache_key": "shared"}, "x" * 200, None),
        ({"extra_headers": {"x-flowyard-session": ""}, "extra_body": {"metadata": "none", "user": 5, "conversation": 1}}, None, None),
        ({"prompt_cache_key": "shared"}, None, None),
    ],
)
def test_a_call_belongs_to_the_conversation_and_user_that_it_names(gateway: Any, more: Any, session: str | None, user: str | None) -> None:
    with client(gateway) as api:
        api.chat.completions.create(model="script/scripted", messages=say("weather in Oslo"), **more)
    span = gateway.span()
    assert (span.session_id, span.user_id) == (session, user)


@pytest.mark.parametrize(
    ("header", "attributes"),
    [
        (f"{'a' * 32}-{'b' * 16}", {"flowyard.replay.trace_id": "a" * 32, "flowyard.replay.span_id": "b" * 16}),
        (f"{'A' * 32}-{'b' * 16}", {}),
        ("another", {}),
    ],
)
def test_a_call_that_repeats_another_says_so(gateway: Any, header: str, attributes: dict[str, str]) -> None:
    with client(gateway) as api:
        api.chat.completions.create(
            model="script/scripted", messages=say("weather in Oslo"), extra_headers={"x-flowyard-replay-of": header}
        )
    found = {name: value for name, value in gateway.span().attributes.items() if name.startswith("flowyard.replay.")}
    assert found == attributes


def test_openai_client_streams_and_the_usage_chunk_is_hidden_unless_asked_for(gateway: Any) -> None:
    with client(gateway) as api:
        chunks = list(api.chat.completions.create(model="script/scripted", messages=say("weather in Rome"), stream=True))
        asked = list(
            api.chat.completions.create(
                model="script/scripted", messages=say("weather in Rome"), stream=True, stream_options={"include_usage": True}
            )
        )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "It is sunny in Rome."
    assert all(chunk.choices for chunk in chunks)
    assert asked[-1].usage.completion_tokens == 5
    span = gateway.span()
    assert (span.prompt_tokens, span.completion_tokens) == (3, 5)
    assert span.attributes["gen_ai.output.messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "content": "It is sunny in Rome."}], "finish_reason": "stop"}
    ]
    assert span.attributes["gen_ai.server.time_to_first_token"] > 0


def test_openai_client_calls_tools_whole_and_streamed(gateway: Any) -> None:
    tools = [{"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}]
    with client(gateway) as api:
        whole = api.chat.completions.create(model="script/scripted", messages=say("book a table"), tools=tools)
        list(api.chat.completions.create(model="script/scripted", messages=say("book a table"), tools=tools, stream=True))
    call = whole.choices[0].message.tool_calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("book", {"people": 2})
    spans = [gateway.span(), gateway.span(lambda record: record is not gateway.sink.records[0])]
    for span in spans:
        part = span.attributes["gen_ai.output.messages"][0]["parts"][0]
        assert (part["type"], part["name"], json.loads(part["arguments"])) == ("tool_call", "book", {"people": 2})


async def test_async_openai_client_and_many_at_once(gateway: Any) -> None:
    async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key="invoker") as api:
        answers = await asyncio.gather(
            *(api.chat.completions.create(model="script/scripted", messages=say(f"weather in city{i}")) for i in range(30))
        )
        stream = await api.chat.completions.create(model="script/scripted", messages=say("weather in Rome"), stream=True)
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
    assert [answer.choices[0].message.content for answer in answers] == [f"It is sunny in city{i}." for i in range(30)]
    assert text == "It is sunny in Rome."


def test_langchain_chat_model_works(gateway: Any) -> None:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", model="script/scripted", max_retries=0)
    assert model.invoke("weather in Lima").content == "It is sunny in Lima."
    assert "".join(chunk.content for chunk in model.stream("weather in Lima")) == "It is sunny in Lima."


def test_completions_and_embeddings(gateway: Any) -> None:
    with client(gateway) as api:
        text = api.completions.create(model="script/scripted", prompt="weather in Bern")
        vectors = api.embeddings.create(model="script/scripted", input=["a", "b"])
    assert text.choices[0].text == "It is sunny in Bern."
    assert len(vectors.data) == 2
    span = gateway.span(lambda record: record.kind == "embedding")
    assert (span.name, span.prompt_tokens) == ("embeddings script/scripted", 2)
    assert "gen_ai.output.messages" not in span.attributes


def test_a_local_model_is_started_once_for_all_who_wait(gateway: Any) -> None:
    gateway.host.delay_s = 0.2
    answers: list[str] = []

    def call() -> None:
        answer = gateway.request("POST", "/v1/chat/completions", body={"model": "small", "messages": say("weather in Kyiv")})
        answers.append(answer.json()["choices"][0]["message"]["content"])

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["It is sunny in Kyiv."] * 5
    assert gateway.host.ensured == ["engine/small"]
    assert gateway.span().cost_micros == 0


def test_an_engine_that_is_gone_is_started_again_and_the_call_succeeds(gateway: Any) -> None:
    body = {"model": "small", "messages": say("weather in Kyiv")}
    assert gateway.request("POST", "/v1/chat/completions", body=body).status == 200
    gateway.engine.__exit__()
    with Served(lambda: ScriptedApp("answers: [from the new one]", "engine-key")) as again:
        gateway.host.addresses = [gateway.engine.address, again.address]
        answer = gateway.request("POST", "/v1/chat/completions", body=body)
    assert answer.json()["choices"][0]["message"]["content"] == "from the new one"


def test_a_forced_tool_of_a_local_model_comes_back_as_a_tool_call(gateway: Any) -> None:
    tools = [{"type": "function", "function": {"name": "book", "parameters": {"type": "object", "properties": {}}}}]
    script = """answers: ['{"name": "book", "arguments": {"people": 3}}']"""
    with Served(lambda: ScriptedApp(script, "engine-key")) as engine, client(gateway) as api:
        gateway.host.addresses = [engine.address]
        whole = api.chat.completions.create(model="small", messages=say("please"), tools=tools, tool_choice="required")
        stream = list(api.chat.completions.create(model="small", messages=say("please"), tools=tools, tool_choice="required", stream=True))
    assert whole.choices[0].message.tool_calls[0].function.name == "book"
    assert whole.choices[0].finish_reason == "tool_calls"
    calls = [call for chunk in stream if chunk.choices for call in chunk.choices[0].delta.tool_calls or ()]
    assert calls[0].function.name == "book"
    assert json.loads("".join(call.function.arguments or "" for call in calls)) == {"people": 3}


@pytest.mark.parametrize(
    ("model", "status", "code", "says"),
    [
        ("absent", 409, "ModelNotPulled", "flowyard model pull absent"),
        ("nothing", 404, "model_not_found", "nothing"),
        ("scrip/x", 404, "model_not_found", "Did you mean 'script'?"),
        ("endpoint:support", 400, "OperationUnsupported", "/endpoints/support/score"),
        ("endpoint:none", 404, "model_not_found", "none"),
    ],
)
def test_errors_have_openais_shape_and_the_remedy(gateway: Any, model: str, status: int, code: str, says: str) -> None:
    with client(gateway) as api, pytest.raises(openai.APIStatusError) as caught:
        api.chat.completions.create(model=model, messages=say("hello"))
    assert caught.value.status_code == status
    assert caught.value.body["code"] == code
    assert says in caught.value.body["message"]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"{}", b'{"model": 5}', b'{"model": "x", '])
def test_a_bad_body_is_a_400(gateway: Any, body: bytes) -> None:
    answer = gateway.request("POST", "/v1/chat/completions", body=body)
    assert answer.status == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_large_body_is_a_413(gateway: Any) -> None:
    answer = gateway.request("POST", "/v1/chat/completions", body=b'{"model": "' + b"x" * (17 * 1024 * 1024) + b'"}')
    assert answer.status == 413


def test_wrong_paths_and_methods(gateway: Any) -> None:
    assert gateway.request("GET", "/v1/chat/completions").status == 405
    assert gateway.request("POST", "/v1/nothing", body={}).status == 404
    assert gateway.request("DELETE", "/v1/models").status == 405


def test_upstream_errors_pass_with_their_status_and_retry_after(gateway: Any) -> None:
    answer = gateway.request("POST", "/v1/chat/completions", body={"model": "script/scripted", "messages": say("limited")})
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["error"]["code"] == "rate_limited"
    assert gateway.span().status == "error"


def test_a_connections_own_key_that_is_refused_is_not_the_callers_fault(gateway: Any) -> None:
    answer = gateway.request("POST", "/v1/chat/completions", body={"model": "script/scripted", "messages": say("wrong key")})
    assert answer.status == 502
    assert "connection" in answer.json()["error"]["message"]


def test_unknown_fields_pass_unchanged_both_ways(gateway: Any) -> None:
    upstream = Upstream()
    answered = (
        b'{"id":"x","choices":[],"new_field":{"a":[1,2.50,"\\u00e9"]},"usage":{"prompt_tokens":1,"completion_tokens":2,"detail":{"x":1}}}'
    )
    upstream.answers["/v1/chat/completions"] = (200, b"application/json; charset=utf-8", answered)
    sent = b'{"zeta": 1.50, "model": "other/m-1",  "messages": [{"role":"user","content":"\\u00e9"}], "future": {"b": [true, null]}}'
    with Served(lambda: upstream, lifespan="off") as served:
        gateway.source.put_connection("other", "open_ai", {"base_url": f"{served.url}/v1"}, {"api_key": "secret"})
        time.sleep(0.2)
        answer = gateway.request("POST", "/v1/chat/completions", body=sent)
        gateway.request("POST", "/v1/chat/completions", body=sent.replace(b"other/m-1", b"other/a/b"))
    assert answer.data == answered
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    seen = upstream.seen[0]
    assert seen.headers["authorization"] == "Bearer secret"
    assert seen.body == b'{"zeta":1.50,"model":"m-1","messages":[{"role":"user","content":"\\u00e9"}],"future":{"b": [true, null]}}'
    assert upstream.seen[1].json()["model"] == "a/b"


def test_chunks_leave_as_they_come(gateway: Any) -> None:
    with client(gateway) as api:
        times = [time.monotonic() for _ in api.chat.completions.create(model="script/scripted", messages=say("slow"), stream=True)]
    assert times[-1] - times[0] > 0.3
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 0.25


def test_a_stream_that_breaks_off_ends_with_an_error_the_client_raises(gateway: Any) -> None:
    with Served(lambda: ScriptedApp("answers: [{answer: one two three four, chunk_delay_ms: 100}]", "engine-key")) as engine:
        gateway.host.addresses = [engine.address]
        with client(gateway) as api:
            chunks = api.chat.completions.create(model="small", messages=say("x"), stream=True)
            next(chunks)
            engine.drop_connections()
            with pytest.raises(openai.APIError, match="closed the connection"):
                list(chunks)
    assert gateway.span().status == "error"


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_away_stops_the_upstream(gateway: Any, stream: bool) -> None:
    upstream = Upstream()
    upstream.streams["/v1/chat/completions"] = [b'data: {"choices":[]}\n\n'] * 1000
    upstream.answers["/v1/chat/completions"] = (200, b"text/event-stream", b"")
    upstream.chunk_delay_s = 0.02
    upstream.delay_s = 0 if stream else 20
    with Served(lambda: upstream, lifespan="off") as served:
        gateway.source.put_connection("other", "open_ai", {"base_url": f"{served.url}/v1"})
        time.sleep(0.2)
        with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0, timeout=0.5) as api:
            if stream:
                answer = api.chat.completions.create(model="other/m", messages=say("x"), stream=True)
                answer.close()
            else:
                with pytest.raises(openai.APITimeoutError):
                    api.chat.completions.create(model="other/m", messages=say("x"))
        for _ in range(100):
            if upstream.canceled:
                break
            time.sleep(0.02)
    assert upstream.canceled == 1
    assert "went away" in (gateway.span().status_message or "")


def test_models_are_listed(gateway: Any) -> None:
    with client(gateway) as api:
        names = {model.id for model in api.models.list()}
        one = api.models.retrieve("script/scripted")
    assert names == {"small", "script/scripted"}
    assert one.id == "script/scripted"


def test_traceparent_comes_in_and_goes_out(gateway: Any) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = gateway.request(
        "POST", "/v1/chat/completions", body={"model": "script/scripted", "messages": say("weather in Oslo")}, traceparent=parent
    )
    span = gateway.span()
    assert (span.trace_id, span.parent_id) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert answer.headers["x-ms-request-id"] == span.trace_id
    assert answer.headers["traceparent"] == f"00-{span.trace_id}-{span.span_id}-01"
