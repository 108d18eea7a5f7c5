"""The official client against Steward: what a program that was written for the OpenAI API sees.

    openai_client.py STEWARD_URL API_KEY MODEL_SERVER_URL

Ends with 0 and the line "all good" if everything is as that API promises.
"""
import asyncio, sys, time, urllib.request

import openai

STEWARD, KEY, MOCK = sys.argv[1:4]
MODEL = "first/mock-model"
EMBEDDER = "first/mock-embed"
HI = [{"role": "user", "content": "Hi"}]
client = openai.OpenAI(base_url=STEWARD + "/v1", api_key=KEY, max_retries=0)


def mock(path):
    return urllib.request.urlopen(urllib.request.Request(MOCK + path, method="POST"), timeout=10).read()


def fault(name):
    mock("/mock/config?fault=" + name)


def refused(kind, ask):
    try:
        ask()
    except kind as e:
        return e
    raise AssertionError(f"{kind.__name__} expected")


def models():
    ids = [model.id for model in client.models.list()]
    assert MODEL in ids and "steward/alpha" in ids and "steward/eta" in ids, ids
    assert client.models.retrieve("steward/beta").owned_by == "steward"


def plain():
    answer = client.chat.completions.create(model=MODEL, messages=HI)
    assert answer.choices[0].message.content and answer.choices[0].finish_reason == "stop", answer
    assert answer.usage.total_tokens == 32, answer.usage
    return answer.choices[0].message.content


def streamed(whole):
    stream = client.chat.completions.create(
        model=MODEL, messages=HI, stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole, text
    assert chunks[-1].usage.completion_tokens == 8, chunks[-1]


def helpers():
    """The client's own stream helper and its parsing of JSON Schema answers."""
    with client.chat.completions.stream(model=MODEL, messages=HI) as events:
        kinds = {event.type for event in events}
        assert "content.delta" in kinds and "content.done" in kinds, kinds
        assert events.get_final_completion().choices[0].message.content
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}]
    schema = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}, "strict": True}}
    answer = client.chat.completions.create(model=MODEL, messages=HI, tools=tools, response_format=schema)
    assert answer.choices[0].message.content


def embeddings():
    """The client asks for base64 unless told otherwise, and decodes it."""
    made = client.embeddings.create(model=EMBEDDER, input=["hello", "bcd"])
    assert [round(number, 3) for number in made.data[0].embedding] == [2.5, 1.667, 1.0], made
    assert len(made.data) == 2 and made.data[1].index == 1 and made.usage.prompt_tokens == 6, made
    numbers = client.embeddings.create(model=EMBEDDER, input="hello", encoding_format="float", dimensions=2)
    assert [round(number, 3) for number in numbers.data[0].embedding] == [2.5, 1.667], numbers
    ollama = client.embeddings.create(model="second/mock-embed", input="hello")
    assert ollama.data[0].embedding == made.data[0].embedding, ollama
    error = refused(openai.NotFoundError, lambda: client.embeddings.create(model="none", input="hello"))
    assert error.code == "model_not_found", error
    refused(openai.BadRequestError, lambda: client.embeddings.create(model=EMBEDDER, input=""))


def agent():
    answer = client.chat.completions.create(model="steward/alpha", messages=HI)
    assert answer.choices[0].message.content


async def asynchronous():
    many = openai.AsyncOpenAI(base_url=STEWARD + "/v1", api_key=KEY, max_retries=0)
    answers = await asyncio.gather(
        *(many.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": str(i)}]) for i in range(20)))
    assert all(answer.choices[0].message.content for answer in answers)
    await many.close()


def errors():
    stranger = openai.OpenAI(base_url=STEWARD + "/v1", api_key="stw_wrong", max_retries=0)
    error = refused(openai.AuthenticationError, lambda: stranger.chat.completions.create(model=MODEL, messages=HI))
    assert error.code == "invalid_api_key", error
    error = refused(openai.NotFoundError, lambda: client.chat.completions.create(model="none", messages=HI))
    assert error.code == "model_not_found" and error.type == "invalid_request_error", error
    refused(openai.BadRequestError, lambda: client.chat.completions.create(model=MODEL, messages=[]))
    fault("rate_limited_seconds")
    error = refused(openai.RateLimitError, lambda: client.chat.completions.create(model=MODEL, messages=HI))
    assert int(error.response.headers["retry-after"]) >= 1, error.response.headers
    fault("status_500")
    refused(openai.InternalServerError, lambda: client.chat.completions.create(model=MODEL, messages=HI))
    fault("half_stream")
    error = refused(
        openai.APIError, lambda: list(client.chat.completions.create(model=MODEL, messages=HI, stream=True)))
    assert "not the whole answer" in str(error), error
    fault("none")


def hang_up():
    fault("hang_between_tokens")
    stream = client.chat.completions.create(model=MODEL, messages=HI, stream=True)
    next(iter(stream))
    stream.close()
    until = time.monotonic() + 10
    while b'"in_flight":0' not in mock("/mock/stats"):
        assert time.monotonic() < until, "the call at the backend goes on"
        time.sleep(0.05)
    fault("none")


models()
streamed(plain())
helpers()
embeddings()
agent()
asyncio.run(asynchronous())
errors()
hang_up()
print("all good")
