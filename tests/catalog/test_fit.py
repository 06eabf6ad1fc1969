"""What a model is counted to take, and what is said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.catalog.cards import Card, built_in_cards
from flowyard.catalog.errors import ModelNotLocalError
from flowyard.catalog.facts import Architecture
from flowyard.catalog.fit.errors import FitInvalidError
from flowyard.catalog.fit.machine import Room, memory, read_cards
from flowyard.catalog.fit.memory import Load, cache_bytes, need_of
from flowyard.catalog.fit.service import FitQuery, Machine, fit_of, fits
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError

Command = Callable[..., tuple[int, str, str]]

GIB = 1_073_741_824

LLAMA_8B = Architecture(family="llama", layers=32, hidden_size=4096, attention_heads=32, kv_heads=8, head_dim=128, vocabulary=128256)
HERE = Machine(memory=Room(name="memory", total=16 * GIB, free=8 * GIB, limit="machine"))


def machine(total: float, free: float | None = None, *gpus: float) -> Machine:
    cards = tuple(
        Room(name=f"GPU {index}", total=round(size * GIB), free=round(size * GIB), limit="machine") for index, size in enumerate(gpus)
    )
    room = Room(name="memory", total=round(total * GIB), free=round((total if free is None else free) * GIB), limit="machine")
    return Machine(memory=room, cards=cards)


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        # llama.cpp prints "KV buffer size = 1024.00 MiB" for an 8B Llama 3 with 8,192 tokens: 128 KiB a token.
        (Load(context=8192, concurrency=1), GIB),
        (Load(context=8192, concurrency=4), 4 * GIB),
        (Load(context=8192, concurrency=1, cache_type="q8_0"), GIB * 34 // 64),
        (Load(context=8192, concurrency=1, cache_type="q4_0"), GIB * 18 // 64),
        (Load(context=1, concurrency=1), 256 * 131_072),
    ],
)
def test_cached_keys_and_values(load: Load, expected: int) -> None:
    assert cache_bytes(LLAMA_8B, load) == expected


def test_layers_with_a_window_keep_no_more_than_it() -> None:
    gemma = Architecture(family="gemma3", layers=26, kv_heads=1, head_dim=256, sliding_window=512)
    token = 2 * 256 * 2
    assert cache_bytes(gemma, Load(context=32768, concurrency=1)) == token * (4 * 32768 + 22 * 1024)
    assert cache_bytes(gemma, Load(context=512, concurrency=1)) == token * 26 * 512, "a short context is all that there is"
    unknown = Architecture(family="other", layers=26, kv_heads=1, head_dim=256, sliding_window=512)
    assert cache_bytes(unknown, Load(context=32768, concurrency=1)) == token * 26 * 32768, "which layers is not known: all count"


def test_what_is_not_known_is_not_counted() -> None:
    assert cache_bytes(Architecture(family="llama", layers=2), Load(context=1, concurrency=1)) is None
    assert need_of(Architecture(family="llama"), 1, "llamacpp", Load(context=1, concurrency=1)) is None
    assert need_of(Architecture(family="bert", hidden_size=1, vocabulary=1), 1, "onnx", Load(context=1, concurrency=1)) is None


@pytest.fixture
def card(make_card: Callable[..., Card], replace: Callable[..., Any]) -> Card:
    """A card of an 8B model without files."""
    made = make_card(model=["https://example.test/x"])
    return replace(made, name="eight", parameters=8_030_261_248, architecture=LLAMA_8B, context_length=131072, files=(), engine=None)


@pytest.mark.parametrize(
    ("here", "verdict", "says"),
    [
        (machine(16), "yes", "It fits: about 5.24 GB for one request of 4,096 tokens"),
        (machine(16, 4), "tight", "only 4.29 GB of this machine's memory are free now"),
        (machine(4), "no", "a model may take 3.87 GB of this machine's memory (4.29 GB)"),
        (machine(4, None, 24), "yes", "of GPU 0 are free"),
        (Machine(memory=None), "unknown", "not known"),
    ],
)
def test_verdicts(card: Card, here: Machine, verdict: str, says: str) -> None:
    found = fit_of(card, FitQuery(), here)
    assert found.verdict == verdict
    assert says in found.summary
    assert found.weights_estimated
    assert fits(card, lambda: here).runs == ("yes" if verdict == "tight" else verdict)


def test_the_longest_context_that_fits(card: Card) -> None:
    found = fit_of(card, FitQuery(concurrency=4), machine(16))
    assert found.largest_context is not None
    assert fit_of(card, FitQuery(context=found.largest_context, concurrency=4), machine(16)).verdict in {"yes", "tight"}
    assert fit_of(card, FitQuery(context=found.largest_context + 256, concurrency=4), machine(16)).verdict == "no"
    assert fit_of(card, FitQuery(concurrency=1), machine(200)).largest_context == 131072
    assert fit_of(card, FitQuery(), machine(1)).largest_context == 0


def test_formats_of_weights_and_cache_make_it_fit(card: Card) -> None:
    assert fit_of(card, FitQuery(quantization="bf16"), machine(16)).verdict == "no"
    assert fit_of(card, FitQuery(quantization="q8_0"), machine(16)).verdict == "yes"
    long = FitQuery(context=100_000)
    assert fit_of(card, long, machine(16)).verdict == "no"
    assert fit_of(card, FitQuery(context=100_000, cache_type="q4_0"), machine(16)).verdict == "yes"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        (FitQuery(context=0), "/context"),
        (FitQuery(context=131073), "/context"),
        (FitQuery(concurrency=0), "/concurrency"),
        (FitQuery(concurrency=100_000), "/concurrency"),
        (FitQuery(quantization="q9"), "/quantization"),
    ],
)
def test_what_cannot_be_asked(card: Card, query: FitQuery, pointer: str) -> None:
    with pytest.raises(FitInvalidError) as error:
        fit_of(card, query, HERE)
    assert error.value.location
    assert error.value.location.pointer == pointer


def test_files_have_the_format_they_have() -> None:
    with pytest.raises(FitInvalidError, match="files"):
        fit_of(built_in_cards()["smollm2-135m"], FitQuery(quantization="bf16"), HERE)


def test_a_card_with_gaps(card: Card, replace: Callable[..., Any]) -> None:
    bare = replace(card, architecture=None)
    found = fit_of(bare, FitQuery(), machine(16))
    assert found.verdict == "unknown"
    assert "layers" in " ".join(found.reasons)
    assert fit_of(bare, FitQuery(), machine(2)).verdict == "no", "the weights alone are too much"
    assert fit_of(replace(bare, parameters=None), FitQuery(), machine(16)).verdict == "unknown"


def test_every_card_has_an_answer() -> None:
    for card in built_in_cards().values():
        if card.connection is None:
            assert fit_of(card, FitQuery(), HERE).verdict
            assert fits(card, lambda: HERE).runs
        else:
            with pytest.raises(ModelNotLocalError):
                fit_of(card, FitQuery(), HERE)
            assert fits(card, lambda: HERE).runs == "no"


def files(root: Path, content: dict[str, str]) -> Path:
    for name, text in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii")
    return root


MEMINFO = "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n"


def test_memory_of_a_machine_and_of_containers(tmp_path: Path) -> None:
    proc, groups = files(tmp_path / "proc", {"meminfo": MEMINFO, "self/cgroup": "0::/a/b\n"}), tmp_path / "groups"
    assert memory(proc, groups) == Room(name="memory", total=16_384_000_000, free=8_192_000_000, limit="machine")
    files(
        groups, {"a/memory.max": "4000000000\n", "a/memory.current": "3000000000\n", "a/memory.stat": "anon 1\ninactive_file 500000000\n"}
    )
    files(groups, {"a/b/memory.max": "max\n", "a/b/memory.current": "1\n"})
    assert memory(proc, groups) == Room(name="memory", total=4_000_000_000, free=1_500_000_000, limit="container")
    old = files(tmp_path / "old", {"meminfo": MEMINFO, "self/cgroup": "5:cpu:/x\n4:memory:/x\n"})
    files(groups, {"memory/x/memory.limit_in_bytes": "1000", "memory/x/memory.usage_in_bytes": "400"})
    assert memory(old, groups) == Room(name="memory", total=1000, free=600, limit="container")
    assert memory(tmp_path / "none", groups) is not None, "what the C library tells"


def test_memory_of_graphics_cards() -> None:
    text = "NVIDIA H100 80GB HBM3, 81559, 80994\nGrid, [N/A], [N/A]\n\nNVIDIA L4, 23034, 22500\n"
    assert read_cards(text) == (
        Room(name="GPU 0: NVIDIA H100 80GB HBM3", total=81559 * 2**20, free=80994 * 2**20, limit="machine"),
        Room(name="GPU 1: NVIDIA L4", total=23034 * 2**20, free=22500 * 2**20, limit="machine"),
    )
    assert read_cards("") == ()


def test_over_http_and_by_the_command(ws: Workspace, command: Command) -> None:
    found = ws.models.fit("smollm2-135m", context=8192, concurrency=4)
    assert (found.context, found.concurrency, found.largest_context) == (8192, 4, 8192)
    assert found.places[0].need
    assert found.places[0].need.kv_cache == 2 * 30 * 3 * 64 * 2 * 8192 * 4
    assert found.download_bytes == 98_362_432
    code, out, _ = command("model", "fit", "smollm2-135m", "--context", "8192", "--concurrency", "4", "--json")
    assert (code, from_json(out)["places"][0]["need"]["kv_cache"]) == (0, 754_974_720)
    code, out, _ = command("model", "fit", "deepseek-v3-0324")
    assert (code, out.startswith("It does not fit")) == (1, True)
    code, _, err = command("model", "fit", "smollm2-135m", "--context", "9000")
    assert code
    assert "1 to 8,192" in err
    with pytest.raises(RemoteError) as error:
        ws.models.fit("openai-gpt-4o")
    assert error.value.remote.code == "ModelNotLocal"
