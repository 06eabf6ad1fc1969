"""Imports from a hub (its recorded answers) and from folders; files that run code; headers."""

import hashlib
import io
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flowyard.catalog.errors import (
    AddressInvalidError,
    HubRefusedError,
    ModelFileInvalidError,
    ModelNameTakenError,
    SourceFailedError,
    UnsafeModelFileError,
    WrongHashError,
)
from flowyard.catalog.formats.gguf import read_gguf
from flowyard.catalog.formats.safetensors import read_safetensors
from flowyard.catalog.formats.unsafe import why_unsafe
from flowyard.catalog.importing.choice import choose
from flowyard.catalog.importing.hub import HuggingFaceHub
from flowyard.catalog.importing.making import license_of
from flowyard.catalog.importing.service import Importer, ImportOrder, name_of
from flowyard.catalog.pull import SilentReporter
from flowyard.catalog.service import Catalog

REVISION = "a" * 40


def gguf(*, template: bool = True, family: str = "llama", more: dict[str, tuple[int, bytes]] | None = None) -> bytes:
    """A small GGUF file of version 3 with one tensor."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    tokens = struct.pack("<IQ", 8, 3) + text("a") + text("b") + text("c")
    values: dict[str, tuple[int, bytes]] = {
        "general.architecture": (8, text(family)),
        "general.file_type": (4, struct.pack("<I", 15)),
        "general.license": (8, text("apache-2.0")),
        f"{family}.block_count": (4, struct.pack("<I", 2)),
        f"{family}.context_length": (4, struct.pack("<I", 2048)),
        f"{family}.embedding_length": (4, struct.pack("<I", 64)),
        f"{family}.attention.head_count": (4, struct.pack("<I", 8)),
        f"{family}.attention.head_count_kv": (9, struct.pack("<IQ", 4, 2) + struct.pack("<II", 2, 4)),
        "tokenizer.ggml.tokens": (9, tokens),
        **({"tokenizer.chat_template": (8, text("{{ messages }}"))} if template else {}),
        **(more or {}),
    }
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(values))
    head += b"".join(text(key) + struct.pack("<I", kind) + value for key, (kind, value) in values.items())
    return head + text("w") + struct.pack("<IQQIQ", 2, 64, 10, 12, 0) + bytes(64)


def safetensors(dtype: str = "BF16", shape: tuple[int, ...] = (4, 8)) -> bytes:
    """A safetensors file with one tensor of two bytes a weight."""
    size = 2 * shape[0] * shape[1]
    head = msgspec.json.encode({"__metadata__": {"format": "pt"}, "w": {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}})
    return struct.pack("<Q", len(head)) + head + bytes(size)


CONFIG = msgspec.json.encode(
    {
        "model_type": "qwen2",
        "architectures": ["Qwen2ForCausalLM"],
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "vocab_size": 100,
    }
)


class _Hub:
    """Serves recorded answers of a hub's API from the tests' file server."""

    def __init__(self, files: Any) -> None:
        self.files = files

    def have(self, name: str, content: dict[str, bytes], *, lfs: bool = True, revision: str = "main", **told: Any) -> None:
        siblings: list[dict[str, Any]] = []
        for file, body in content.items():
            large = lfs and file.endswith((".gguf", ".safetensors", ".bin"))
            blob = hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
            stored = {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body), "pointerSize": 133}
            siblings.append({"rfilename": file, "blobId": blob, "size": len(body), **({"lfs": stored} if large else {})})
            self.files.content[f"/{name}/resolve/{REVISION}/{file}"] = body
        answer = {"id": name, "sha": REVISION, "gated": False, "private": False, "siblings": siblings, **told}
        self.files.content[f"/api/models/{name}/revision/{revision}?blobs=true"] = msgspec.json.encode(answer)


@pytest.fixture
def hub(files: Any, monkeypatch: pytest.MonkeyPatch) -> _Hub:
    monkeypatch.setenv("HF_ENDPOINT", files.url)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return _Hub(files)


Bring = Callable[..., Any]


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    catalog = Catalog(tmp_path / "models")

    def run(source: str, **words: Any) -> Any:
        card = Importer(catalog, tmp_path / "cards", HuggingFaceHub()).run(ImportOrder(source=source, **words), SilentReporter())
        return catalog.get(card.name)

    return run


def test_a_gguf_of_the_hub(hub: _Hub, bring: Bring) -> None:
    content = {
        "tiny-q8_0.gguf": gguf(),
        "tiny-q4_k_m.gguf": gguf(more={"x": (7, b"\1")}),
        "README.md": b"# Tiny",
        "pytorch_model.bin": b"x",
    }
    card = {"license": "apache-2.0", "language": ["en", "de", "not a tag"]}
    hub.have("acme/Tiny-GGUF", content, pipeline_tag="text-generation", cardData=card)
    model = bring("hf:acme/Tiny-GGUF", asked_by="ann")
    assert (model.name, model.state, model.display_name, model.publisher) == ("tiny-gguf", "ready", "Tiny-GGUF", "acme")
    assert (model.task, model.license, model.license_class, model.commercial_use) == ("chat-completion", "Apache-2.0", "permissive", "yes")
    assert (model.quantization, model.parameters, model.context_length, model.languages) == ("q4_k_m", 640, 2048, ("en", "de"))
    assert (model.architecture.kv_heads, model.architecture.head_dim, model.architecture.vocabulary) == (4, 8, 3)
    assert [file.name for file in model.files] == ["tiny-q4_k_m.gguf"]
    assert model.files[0].sources == (f"hf://acme/Tiny-GGUF@{REVISION}/tiny-q4_k_m.gguf",)
    assert (model.origin.revision, model.origin.imported_by) == (REVISION, "ann")
    assert bring("hf:acme/Tiny-GGUF", files=("tiny-q8_0.gguf",)).files[0].name == "tiny-q8_0.gguf"
    with pytest.raises(ModelFileInvalidError, match="Did you mean") as caught:
        bring("hf:acme/Tiny-GGUF", files=("tiny-q8.gguf",))
    assert "tiny-q8_0.gguf" in str(caught.value)


def test_an_import_that_breaks_off_resumes(hub: _Hub, bring: Bring, files: Any) -> None:
    hub.have("acme/Big", {"big.gguf": gguf() + bytes(900_000)})
    files.cut_after, files.cuts = 400_000, 10
    assert bring("hf:acme/Big").state == "ready"
    assert any(asked and asked.startswith("bytes=262144-") for _, asked in files.asked)


def test_safetensors_of_the_hub(hub: _Hub, bring: Bring) -> None:
    content = {"model.safetensors": safetensors(), "config.json": CONFIG, "tokenizer.json": b"{}", "chat_template.jinja": b"x"}
    hub.have("acme/Tiny", content, revision="v1")
    model = bring("hf://acme/Tiny@v1", name="mine")
    assert (model.name, model.license, model.license_class, model.languages) == ("mine", "unknown", "unknown", ())
    assert (model.parameters, model.quantization, model.context_length) == (32, "bf16", 512)
    assert model.task == "chat-completion"
    with pytest.raises(ModelNameTakenError):
        bring("hf:acme/Other", name="mine")


def test_an_incomplete_answer_is_unknown_not_guessed(hub: _Hub, bring: Bring) -> None:
    hub.have("acme/Bare", {"m.gguf": gguf(template=False)}, sha=None, cardData="no mapping", pipeline_tag=7, tags=None)
    hub.files.content["/acme/Bare/resolve/main/m.gguf"] = gguf(template=False)
    model = bring("hf:acme/Bare")
    assert (model.license, model.commercial_use, model.task, model.chat_template) == ("unknown", "unknown", "completion", "no")
    hub.files.content["/api/models/acme/Odd/revision/main?blobs=true"] = b'{"id": "acme/Odd", "siblings": [{}, 3, {"rfilename": "m.gguf"}]}'
    with pytest.raises(ModelFileInvalidError, match="incomplete"):
        bring("hf:acme/Odd")
    hub.files.content["/api/models/acme/Page/revision/main?blobs=true"] = b"<html>"
    with pytest.raises(SourceFailedError, match="not understood"):
        bring("hf:acme/Page")


def test_gated_private_and_absent(hub: _Hub, bring: Bring, files: Any) -> None:
    hub.have("acme/Closed", {"m.gguf": gguf()}, gated="manual")
    files.login = "Bearer right"
    with pytest.raises(HubRefusedError) as caught:
        bring("hf:acme/Closed")
    assert "--connection" in str(caught.value)
    with pytest.raises(HubRefusedError, match="does not take the token"):
        bring("hf:acme/Closed", token="wrong")
    assert bring("hf:acme/Closed", token="right").hub.gated == "yes"
    files.login, files.status = None, 403
    with pytest.raises(HubRefusedError, match="gated"):
        bring("hf:acme/Closed", name="other")
    files.status = None
    with pytest.raises(HubRefusedError, match="no model 'acme/Nothing'"):
        bring("hf:acme/Nothing")
    for bad in ("hf:nothing", "hf:a/../../b", "hf:a/b/c", "s3:x"):
        with pytest.raises(AddressInvalidError):
            bring(bad, name="x")


def test_files_that_are_not_what_the_hub_lists(hub: _Hub, bring: Bring, tmp_path: Path) -> None:
    hub.have("acme/Swapped", {"m.gguf": gguf()})
    hub.files.content[f"/acme/Swapped/resolve/{REVISION}/m.gguf"] = gguf(template=False)
    with pytest.raises(WrongHashError):
        bring("hf:acme/Swapped")
    hub.have("acme/Trojan", {"m.gguf": pickle.dumps(print)})
    with pytest.raises(UnsafeModelFileError, match=r"m\.gguf is refused: it is a pickle"):
        bring("hf:acme/Trojan")
    hub.have("acme/Code", {"model.safetensors": safetensors(), "config.json": b'{"auto_map": {"AutoModel": "evil.py"}}'})
    with pytest.raises(UnsafeModelFileError, match="trust_remote_code"):
        bring("hf:acme/Code")
    hub.have("acme/Pickled", {"pytorch_model.bin": b"x", "config.json": CONFIG})
    with pytest.raises(UnsafeModelFileError, match=r"pytorch_model\.bin"):
        bring("hf:acme/Pickled")
    assert not [file for file in tmp_path.rglob("*.gguf") if file.is_file()]
    assert not (tmp_path / "cards").exists()


def test_a_curated_card_is_filled_by_its_repository(hub: _Hub, bring: Bring) -> None:
    hub.have("Qwen/Qwen2.5-0.5B-Instruct-GGUF", {"qwen2.5-0.5b-instruct-q4_k_m.gguf": gguf(family="qwen2")}, cardData={"license": "other"})
    model = bring("hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF", name="qwen2.5-0.5b-instruct")
    assert (model.license, model.collection, model.state, model.access) == ("Apache-2.0", "Qwen", "ready", "local")
    with pytest.raises(ModelNameTakenError):
        bring("hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF", name="smollm2-135m")


def test_a_file_and_a_folder_of_this_machine(bring: Bring, tmp_path: Path) -> None:
    file = tmp_path / "My Model.Q4.gguf"
    file.write_bytes(gguf())
    model = bring(str(file), path=file)
    assert (model.name, model.license, model.task, model.state) == ("my-model.q4", "Apache-2.0", "chat-completion", "ready")
    folder = tmp_path / "enc"
    folder.mkdir()
    (folder / "e.gguf").write_bytes(gguf(family="bert", template=False))
    encoder = bring("upload:abc", path=folder, name="enc")
    assert (encoder.task, encoder.dimensions, encoder.files[0].sources) == ("embeddings", 64, ("upload://abc/e.gguf",))
    (folder / "tool.py").write_text("x = 1")
    with pytest.raises(UnsafeModelFileError, match=r"tool\.py is refused: it is code"):
        bring("upload:abd", path=folder, name="enc2")
    (folder / "MLmodel").write_text("flavors: {}")
    with pytest.raises(ModelFileInvalidError, match="MLflow model"):
        bring("upload:abe", path=folder, name="enc3")


def _zip(**content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in content.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


class _Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("run",)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("weights.safetensors", pickle.dumps(_Evil()), "pickle"),
        ("weights.gguf", pickle.dumps(_Evil(), protocol=0), "protocol 0"),
        ("old.dat", pickle.dumps(1, protocol=2), "pickle"),
        ("x.dat", zlib.compress(pickle.dumps(_Evil())), "joblib"),
        ("model.dat", _zip(**{"archive__data.pkl": b"x"}), "PyTorch"),
        ("model.dat", _zip(**{"m__code____torch__.py": b"x"}), "TorchScript"),
        ("model.keras", _zip(**{"config.json": b'{"class_name": "Lambda"}'}), "Lambda"),
        ("m.h5", b"\x89HDF\r\n\x1a\n" + b'"class_name": "Lambda"', "Lambda"),
        ("a.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False}", "NumPy"),
        ("readme.txt", b"\x7fELF....", "program"),
        ("run.txt", b"#!/bin/sh\n", "script"),
        ("model.pkl", b"anything", "pickles"),
        ("sub/config.json", b'{"auto_map": {}}', "trust_remote_code"),
    ],
)
def test_what_runs_code_is_told_by_content(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes(content)
    assert told in (why_unsafe(path, name=name) or "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("merges.txt", b"cat\ndog\n(x\n"),
        ("vocab.json", b'{"a": 1}'),
        ("LICENSE", b"(c) 2026 us. Apache License\n"),
        ("model.gguf", gguf()),
        ("model.safetensors", safetensors()),
        ("empty.txt", b""),
        ("list.txt", b"]"),
        ("data.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False}"),
    ],
)
def test_what_does_not_run_code(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert why_unsafe(path) is None


@pytest.mark.parametrize("cut", [0, 3, 5, 30, 200, 400])
def test_headers_that_are_cut(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf()[:cut])
    with pytest.raises(ModelFileInvalidError, match=r"m\.gguf"):
        read_gguf(path)


def test_headers_that_lie(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1))
    with pytest.raises(ModelFileInvalidError, match="tensors"):
        read_gguf(path)
    path.write_bytes(b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 2**60))
    with pytest.raises(ModelFileInvalidError, match="bytes of text"):
        read_gguf(path)
    path = tmp_path / "m.safetensors"
    for body in (b"", struct.pack("<Q", 2**40), struct.pack("<Q", 2) + b"[]", safetensors()[:-8]):
        path.write_bytes(body)
        with pytest.raises(ModelFileInvalidError, match=r"m\.safetensors"):
            read_safetensors(path)


def test_the_choice_among_files() -> None:
    parts = [f"m-q4_0-0000{number}-of-00002.gguf" for number in (1, 2)]
    assert choose("x", [*parts, "m-f16.gguf"]).files == tuple(parts)
    with pytest.raises(ModelFileInvalidError, match="00002-of-00002"):
        choose("x", parts[:1])
    with pytest.raises(ModelFileInvalidError, match=r"no config\.json"):
        choose("x", ["model.safetensors"])
    with pytest.raises(ModelFileInvalidError, match=r"no \.gguf and"):
        choose("x", ["README.md"])


def test_licenses_of_the_hub() -> None:
    assert license_of({"license": "mit"}).kind == "permissive"
    assert license_of({"license": "llama3.1"}).commercial == "conditional"
    assert license_of({"license": "cc-by-nc-4.0"}).kind == "non-commercial"
    other = license_of({"license": "other", "license_name": "acme-1", "license_link": "https://acme/l"})
    assert (other.name, other.url, other.kind, other.commercial) == ("acme-1", "https://acme/l", "unknown", "unknown")
    assert license_of({"tags": ["license:apache-2.0"]}).name == "Apache-2.0"
    assert license_of({}).name == "unknown"


def test_names_of_sources() -> None:
    assert name_of("hf:Acme/Some Model v1.GGUF") == "some-model-v1.gguf"
    assert name_of("/data/My Model.gguf") == "my-model"
