"""Images: both message formats, where they are read, what models and records get, and what is never fetched."""

import asyncio
import base64
import http.server
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.nodes.errors import ImageError, InputImageError, NodeInputError
from flowyard.flows.nodes.fetch import FetchLimits, fetch
from flowyard.flows.nodes.images import ImageReader
from flowyard.flows.promptflow.contracts.multimedia import Image, media_type
from flowyard.flows.serving.app import create_app
from flowyard.foundation.addresses import is_public
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from support.flow_folders import llm_node, python_node, scripted, write_flow

HEAD = "from promptflow.core import tool\nfrom promptflow.contracts.multimedia import Image\n"


def png(shade: int = 0) -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")


PNG = png()
TEXT = base64.b64encode(PNG).decode()
DATA_URL = f"data:image/png;base64,{TEXT}"
NAME = str(Image(PNG))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with a.png."""
    (tmp_path / "a.png").write_bytes(PNG)
    return tmp_path


def reader(folder: Path, form: Any = "basic", **more: Any) -> ImageReader:
    return ImageReader(form=form, folder=folder, **more)


@pytest.mark.parametrize(
    "value",
    [
        {"data:image/png;path": "a.png"},
        {"data:image/png;base64": TEXT},
        {"data:image/png;base64": DATA_URL},
        {"data:image/png;url": "https://host/a.png"},
        TEXT,
        DATA_URL,
        "a.png",
        "https://host/a.png",
        Image(PNG),
    ],
)
def test_basic_forms(pictures: Path, value: Any) -> None:
    found = reader(pictures, fetch=lambda _: PNG).image(value)
    assert (bytes(found), found.mime_type) == (PNG, "image/png")
    assert found.source_url == ("https://host/a.png" if "host" in str(value) else None)


@pytest.mark.parametrize(
    "value",
    [
        {"type": "image_file", "image_file": {"path": "a.png"}},
        {"type": "image_url", "image_url": {"url": DATA_URL}},
        {"type": "image_url", "image_url": {"url": "https://host/a.png"}},
        DATA_URL,
    ],
)
def test_openai_vision_forms(pictures: Path, value: Any) -> None:
    assert bytes(reader(pictures, "openai-vision", fetch=lambda _: PNG).image(value)) == PNG


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "is no image"),
        (5, "is no image"),
        ({"a": 1}, "is no image"),
        ({"type": "image_file", "image_file": {"path": "a.png"}}, "is no image"),
        ({"data:image/png;base64": "!!"}, "holds no base64"),
        ({"data:image/png;path": "none.png"}, "cannot be read"),
        ({"data:image/png;path": 5}, "expected a text"),
        ("none.png", "cannot be read"),
        ("-" * 5000, "cannot be read"),
        ("a\0b", "cannot be read"),
    ],
)
def test_what_is_no_image(pictures: Path, value: Any, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        reader(pictures).image(value)
    with pytest.raises(ImageError, match="is no URL and no base64"):
        reader(pictures, "openai-vision").image({"type": "image_url", "image_url": {"url": "a.png"}})


def test_images_inside_values(pictures: Path) -> None:
    value = ["a", {"data:image/png;path": "a.png"}, {"k": [{"data:image/png;base64": TEXT}], "n": 1}]
    assert reader(pictures).inside(value) == ["a", PNG, {"k": [PNG], "n": 1}]
    text, image = reader(pictures, "openai-vision").inside(
        [{"type": "text", "text": "hi"}, {"type": "image_file", "image_file": {"path": "a.png"}}]
    )
    assert (text, bytes(image)) == ("hi", PNG)


def test_rows_of_a_data_file_start_from_its_folder(pictures: Path) -> None:
    rows = [{"i": {"data:image/png;path": "a.png"}, "n": [1]}, {"i": {"data:image/png;url": "https://h/a"}}]
    assert reader(pictures).absolute(rows) == [{"i": {"data:image/png;path": f"{pictures}/a.png"}, "n": [1]}, rows[1]]
    vision = {"type": "image_file", "image_file": {"path": "a.png"}}
    assert reader(pictures, "openai-vision").absolute([vision])[0]["image_file"]["path"] == f"{pictures}/a.png"


def test_a_confined_reader_stays_in_its_folder(pictures: Path) -> None:
    inner = pictures / "flow"
    inner.mkdir()
    (inner / "link.png").symlink_to(pictures / "a.png")
    for path in ("../a.png", str(pictures / "a.png"), "link.png"):
        assert bytes(reader(inner).image(path)) == PNG
        with pytest.raises(ImageError, match="outside the flow's folder"):
            reader(inner, confined=True).image(path)


def test_images_as_objects() -> None:
    image = Image(PNG)
    assert isinstance(image, bytes)
    assert image.to_base64() == TEXT
    assert image.to_base64(with_type=True) == DATA_URL
    assert f"{image}" == repr(image) == f"Image({image.hash})"
    assert Image(b"x").mime_type == "image/*"
    assert Image(b"x", "IMAGE/PNG").mime_type == "image/png"
    assert [media_type(data) for data in (b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP")] == ["image/jpeg", "image/gif", "image/webp"]


def picture_flow(folder: Path, source: str, form: str = "basic", kind: str = "image") -> Any:
    dag = {
        "message_format": form,
        "inputs": {"i": {"type": kind}},
        "outputs": {"out": {"type": "object", "reference": "${a.output}"}},
        "nodes": [python_node("a", "tools.py", i="${inputs.i}")],
    }
    return load_flow(write_flow(folder, dag, tools__py=HEAD + source))


SHOW = "@tool\ndef run(i: Image):\n    assert isinstance(i, Image)\n    return {'same': i, 'made': Image(bytes(i), 'image/png')}\n"


def test_a_flow_takes_and_returns_images(pictures: Path) -> None:
    basic = picture_flow(pictures, SHOW).run({"i": {"data:image/png;path": "a.png"}})
    shown = {"data:image/png;base64": TEXT}
    assert basic.outputs == {"out": {"same": shown, "made": shown}}
    assert basic.inputs == {"i": shown} == basic.node("a").inputs
    vision = picture_flow(pictures, SHOW, "openai-vision").run({"i": {"type": "image_file", "image_file": {"path": "a.png"}}})
    shown_too = {"type": "image_url", "image_url": {"url": DATA_URL}}
    assert vision.outputs == {"out": {"same": shown_too, "made": shown_too}}
    assert vision.inputs == {"i": shown_too} == vision.node("a").inputs


def test_images_in_lists_and_objects(pictures: Path) -> None:
    source = "@tool\ndef run(i):\n    return [type(part).__name__ for part in i]\n"
    flow = picture_flow(pictures, source, kind="list")
    assert flow(i=["a", {"data:image/png;path": "a.png"}, {"k": 1}])["out"] == ["str", "Image", "dict"]
    with pytest.raises(InputImageError, match="Failed to load image for input 'i'") as caught:
        flow(i=[{"data:image/png;path": "none.png"}])
    assert caught.value.code == "LoadMultimediaDataError"


def test_a_served_flow_reads_no_files_of_its_machine(pictures: Path) -> None:
    folder = pictures / "flow"
    flow = picture_flow(folder, SHOW)
    assert flow(i=str(pictures / "a.png"))
    create_app(flow)
    with pytest.raises(InputImageError, match="outside the flow's folder"):
        flow(i=str(pictures / "a.png"))


def messages(folder: Path, template: str, connection: dict[str, Any] | None = None, values: Any = None, **inputs: Any) -> Any:
    """What a model is sent."""
    sink = MemorySink()
    dag = {
        "message_format": "basic",
        "inputs": {"i": {"type": "image"}, "q": {"type": "list"}},
        "outputs": {"out": {"type": "string", "reference": "${ask}"}},
        "nodes": [llm_node("ask", **inputs)],
    }
    flow = load_flow(write_flow(folder, dag, ask__jinja2=template), connection or scripted("answers: [ok]"), recorder=Recorder(sink))
    assert flow(**({"i": "a.png", "q": []} | (values or {}))) == {"out": "ok"}
    return next(span.attributes["gen_ai.input.messages"] for span in sink.records if span.kind == "llm")


PART = {"type": "image_url", "image_url": {"url": DATA_URL, "detail": "auto"}}


def test_images_in_prompts_become_parts(pictures: Path) -> None:
    template = "system:\nLook.\nuser:\nWhat is\n\nthis? ![image]({{i}}) And {{i}}\n"
    assert messages(pictures, template, i="${inputs.i}") == [
        {"role": "system", "content": "Look."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is"},
                {"type": "text", "text": "this? "},
                PART,
                {"type": "text", "text": f" And {NAME}"},
            ],
        },
    ]


def test_a_literal_image_and_images_in_a_list(pictures: Path) -> None:
    assert messages(pictures, "user:\n![image]({{j}})\n", j={"data:image/png;path": "a.png"})[0]["content"] == [PART]
    question = ["Compare", {"data:image/png;path": "a.png"}, "with this"]
    found = messages(pictures, "user:\n{{q}}\n", values={"q": question}, q="${inputs.q}")
    assert found[0]["content"] == [{"type": "text", "text": "Compare"}, PART, {"type": "text", "text": "with this"}]
    with pytest.raises(NodeInputError, match="Failed to load image for input 'j'"):
        messages(pictures, "user:\n![image]({{j}})\n", j="none.png")


def test_a_text_cannot_pose_as_an_image(pictures: Path) -> None:
    """The name of an image alone shows nothing that the prompt was not given."""
    found = messages(pictures, "user:\n{{q}}\n", values={"q": [NAME]}, q="${inputs.q}")
    assert found[0]["content"] == f"['{NAME}']"


class _Pictures(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append((self.headers["host"], self.path))  # type: ignore[attr-defined]
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        found = {"/a.png": (200, PNG), "/large": (200, b"x" * 5000), "/gone": (404, b"")}
        status, data = found.get(self.path.partition("?")[0], (200, PNG))
        self.send_response(status)
        self.end_headers()
        if self.path == "/slow":
            for _ in range(50):
                self.wfile.write(b"x")
                self.wfile.flush()
                threading.Event().wait(0.1)
        else:
            self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A web server on this machine, and the requests that reached it."""
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    made.seen = []  # type: ignore[attr-defined]
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}", made.seen  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()


def loopback(address: str) -> bool:
    """Stands for the public internet here."""
    return address == "127.0.0.1"


def test_fetching(server: tuple[str, list[tuple[str, str]]]) -> None:
    url, seen = server
    assert fetch(f"{url}/a.png?x=1", allows=loopback) == PNG
    assert fetch(f"{url}/to//a.png", allows=loopback) == PNG
    assert [path for _, path in seen] == ["/a.png?x=1", "/to//a.png", "/a.png"]
    assert {host for host, _ in seen} == {url.removeprefix("http://")}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/gone", "HTTP 404"),
        ("/large", "larger than 4000 bytes"),
        ("/slow", "took longer|timed out"),
        ("/to//to//to//to//a.png", "redirects"),
    ],
)
def test_fetching_is_bounded(server: tuple[str, list[tuple[str, str]]], path: str, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        fetch(server[0] + path, allows=loopback, limits=FetchLimits(size=4000, seconds=1.0, redirects=2))


def test_no_request_reaches_this_machine(server: tuple[str, list[tuple[str, str]]], pictures: Path) -> None:
    url, seen = server
    port = url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1"):
        with pytest.raises(ImageError):
            fetch(f"http://{host}:{port}/a.png")
    with pytest.raises(InputImageError, match="no public address"):
        picture_flow(pictures, SHOW)(i=f"{url}/a.png")
    assert seen == []


def test_a_redirect_into_the_inside_is_refused(server: tuple[str, list[tuple[str, str]]]) -> None:
    url, seen = server
    for target in ("http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd", "ftp://127.0.0.1/"):
        with pytest.raises(ImageError):
            fetch(f"{url}/to/{target}", allows=loopback)
    assert all(path.startswith("/to/") for _, path in seen)


def test_a_name_is_resolved_once_and_all_of_its_addresses_count(server: tuple[str, list[tuple[str, str]]]) -> None:
    port = server[0].rpartition(":")[2]
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return {"twice.example": ["127.0.0.1"], "mixed.example": ["127.0.0.1", "10.0.0.1"]}[host]

    assert fetch(f"http://twice.example:{port}/a.png", allows=loopback, resolve=resolve) == PNG
    assert asked == ["twice.example"]
    with pytest.raises(ImageError, match=r"10\.0\.0\.1"):
        fetch(f"http://mixed.example:{port}/a.png", allows=loopback, resolve=resolve)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::",
        "ff02::1",
        "240.0.0.1",
        "192.0.2.1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["http://", "http://user:pw@host/", "http://host:99999/", "http://[::1", "gopher://host/", "//host/a", "http://a b/"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ImageError):
        fetch(url)


def test_an_aggregation_gets_images_back_from_records(pictures: Path) -> None:
    seen = (
        "from promptflow.core import tool, log_metric\n\n@tool\ndef run(i, o):\n"
        "    log_metric('n', len([x for x in [*i, *o] if isinstance(x, bytes)]))\n"
    )
    dag = {
        "inputs": {"i": {"type": "image"}},
        "outputs": {"out": {"type": "image", "reference": "${a.output}"}},
        "nodes": [
            python_node("a", "tools.py", i="${inputs.i}"),
            python_node("r", i="${inputs.i}", o="${a.output}") | {"aggregation": True},
        ],
    }
    flow = load_flow(write_flow(pictures, dag, tools__py=f"{HEAD}@tool\ndef run(i):\n    return i\n", r__py=seen))
    record = {"data:image/png;base64": TEXT}
    assert flow.run({"i": "a.png"}).metrics == {"n": 2.0}
    assert flow.reduce([({"i": record}, [record]), ({"i": record}, [record])]).metrics == {"n": 4.0}


def test_a_slow_image_holds_up_no_other_line(pictures: Path) -> None:
    flow = picture_flow(pictures, "@tool\nasync def run(i):\n    return type(i).__name__\n")
    others_are_done = threading.Event()

    def fetched(url: str) -> bytes:
        assert url == "https://host/a.png"
        assert others_are_done.wait(10)
        return PNG

    flow.images._reader = reader(pictures, fetch=fetched)

    async def both() -> tuple[Any, Any]:
        slow = asyncio.create_task(flow.run_async({"i": {"data:image/png;url": "https://host/a.png"}}))
        await asyncio.sleep(0)
        quick = await flow.run_async({"i": "a.png"})
        others_are_done.set()
        return quick.outputs, (await slow).outputs

    assert asyncio.run(both()) == ({"out": "Image"}, {"out": "Image"})
