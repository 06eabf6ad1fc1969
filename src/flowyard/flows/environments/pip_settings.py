"""pip's configuration for uv, which does not read it: where packages come from must not depend on which of the two installs them."""

import ast
import subprocess
import sys
from collections.abc import Mapping

#: What is taken from pip's configuration: its key, and uv's option, given once for each value.
_OPTIONS = {
    "index-url": "--index-url",
    "extra-index-url": "--extra-index-url",
    "find-links": "--find-links",
    "constraint": "--constraints",
    "trusted-host": "--allow-insecure-host",
    "no-binary": "--no-binary",
    "only-binary": "--only-binary",
}
_FLAGS = {"no-index": "--no-index", "pre": "--prerelease=allow"}
_SECTIONS = ("global", "install", ":env:")


def read_pip_settings() -> dict[str, str]:
    """Return pip's effective settings for ``pip install`` by key, as ``pip config list`` tells them; none where there is no pip."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, timeout=60, check=False)
    return parse_config_list(told.stdout) if told.returncode == 0 else {}


def parse_config_list(text: str) -> dict[str, str]:
    """Read the output of ``pip config list``: the environment wins over ``[install]``, and that over ``[global]``."""
    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        section, dot, key = name.rpartition(".")
        if equals and dot and section in found:
            found[section][key.replace("_", "-")] = str(ast.literal_eval(value))
    return {key: value for section in _SECTIONS for key, value in found[section].items()}


def uv_options(settings: Mapping[str, str]) -> list[str]:
    """Return the options of ``uv pip install`` that mean the same as pip's settings."""
    options: list[str] = []
    for key, option in _OPTIONS.items():
        options += [word for value in settings.get(key, "").split() for word in (option, value)]
    options += [option for key, option in _FLAGS.items() if settings.get(key, "").lower() in {"1", "true", "yes", "on"}]
    # pip looks at all indexes and takes the best version; uv would stop at the first that has the name.
    return [*options, "--index-strategy", "unsafe-best-match"]


def uv_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables of uv that mean the same as pip's settings."""
    found: dict[str, str] = {"UV_NO_CONFIG": "1", "UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    if "cert" in settings:
        found["SSL_CERT_FILE"] = settings["cert"]
    if "proxy" in settings:
        found |= {"HTTP_PROXY": settings["proxy"], "HTTPS_PROXY": settings["proxy"]}
    timeout = settings.get("timeout") or settings.get("default-timeout")
    if timeout:
        found["UV_HTTP_TIMEOUT"] = str(int(float(timeout)))
    return found
