"""The runtime stands on its own dependencies: what a flow's environment imports needs nothing of the ``server`` extra."""

import subprocess
import sys

RUNTIME = (
    "flowyard",
    "flowyard.flows",
    "flowyard.flows.serving.workers",
    "flowyard.flows.serving.standalone",
    "flowyard.flows.environments",
    "flowyard.flows.build.bundle",
    "flowyard.flows.migration.examine",
    "flowyard.flows.migration.replay",
    "flowyard.cli.flow_serve",
    "flowyard.evaluation.over_rows",
    "flowyard.evaluation.qa",
    "flowyard.inference.client",
    "flowyard.inference.engines",
    "flowyard.catalog.service",
    "flowyard.cli.models",
    "flowyard.tracing.spool",
    "flowyard.compute.child",
    "flowyard.client",
    "flowyard.cli.app",
)
PLATFORM = (
    "fastapi",
    "pydantic",
    "sqlalchemy",
    "alembic",
    "dbos",
    "duckdb",
    "pyarrow",
    "numpy",
    "cryptography",
    "xllamacpp",
    "onnxruntime",
    "tokenizers",
    "genai_prices",
    "psycopg",
    "ruamel",
)
NEVER = ("torch", "ray", "mlflow", "langchain", "litellm")


def test_runtime_imports_without_the_platform() -> None:
    program = f"""
import importlib, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {PLATFORM + NEVER!r}:
            raise ModuleNotFoundError("not in the runtime: " + name, name=name)
sys.meta_path.insert(0, Absent())
for name in {RUNTIME!r}:
    importlib.import_module(name)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
