"""The process of a notebook: Jupyter on the socket that the supervisor keeps. It runs people's code, and nothing of the platform's.

Jupyter is asked by the door alone (`flowyard.notebooks.door`), with a token that nobody else has. What it would ask of other hosts by
itself (news, updates, extensions to install) is off.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from flowyard.compute.child import Child
from flowyard.compute.errors import ChildProtocolError
from flowyard.foundation.codecs import convert, to_json
from flowyard.foundation.errors import MissingExtraError
from flowyard.notebooks.kernels import flow_kernels, link_kernel, packages_folder
from flowyard.notebooks.message import NotebookMessage

#: A kernel of a flow whose packages are installed first answers after minutes, seconds.
_LONGEST_START_S = 600
#: What JupyterLab reads below its folder of settings. The look follows the browser's; a person may change it.
_WRITTEN_ONCE: dict[str, dict[str, Any]] = {
    "labconfig/page_config.json": {
        "disabledExtensions": {
            "@jupyterlab/apputils-extension:announcements": True,
            "@jupyterlab/extensionmanager-extension:plugin": True,
        }
    },
    "lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings": {"adaptive-theme": True},
}


def main() -> None:
    """Serve until SIGTERM; the kernels end then, too."""
    child = Child.start()
    with child.reporting():
        message = convert(child.message, NotebookMessage)
        prepare(message)
        app = _jupyter(message, child)
    app.start()


def prepare(message: NotebookMessage) -> None:
    """Make the folders, link the flows, and set what kernels and terminals find in their environment."""
    home, root = Path(message.home), Path(message.root)
    for folder in (home, root):
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in _WRITTEN_ONCE.items():
        file = home / "config" / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(to_json(content))
    with suppress(FileExistsError):
        (root / "flows").symlink_to(message.flows, target_is_directory=True)
    os.environ.update(
        {
            "FLOWYARD_URL": message.url,
            "FLOWYARD_API_KEY": message.api_key,
            "FLOWYARD_HOME": str(home / "flowyard"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
        }
    )


def settings(message: NotebookMessage) -> dict[str, Any]:
    """Return Jupyter's configuration, by class."""
    return {
        "ServerApp": {
            "base_url": message.base,
            "root_dir": message.root,
            "default_url": "/lab",
            "allow_remote_access": True,
            "allow_root": True,
            "open_browser": False,
            "quit_button": False,
            "log_level": "WARN",
        },
        "OneUser": {"token": message.token},
        "MappingKernelManager": {"kernel_info_timeout": _LONGEST_START_S},
        "FileContentsManager": {"delete_to_trash": False},
        "LabApp": {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate", "extension_manager": "readonly"},
    }


def _jupyter(message: NotebookMessage, child: Child) -> Any:
    try:
        from jupyter_server.auth.identity import IdentityProvider, User
        from jupyter_server.serverapp import ServerApp
        from traitlets.config import Config
    except ImportError as error:
        raise MissingExtraError("A notebook", "notebook") from error
    listener = child.socket
    if listener is None:
        raise ChildProtocolError("A notebook serves HTTP and was given no socket.", remedy="Set socket=True in its ProcessSpec.")

    class OnSocket(ServerApp):
        """Jupyter that serves a socket which is open already, and tells when it does."""

        def _find_http_port(self) -> None:
            self.port = listener.getsockname()[1]

        def _bind_http_server(self) -> None:
            self.http_server.add_socket(listener)
            child.ready()

        def write_browser_open_files(self) -> None:
            """Write none: they would hold the token."""

        def write_server_info_file(self) -> None:
            """Write none: it would hold the token."""

    class OneUser(IdentityProvider):
        """Whoever has the token is the one person whose server this is."""

        def generate_anonymous_user(self, handler: Any) -> User:
            del handler
            return User(username=message.user, name=message.user, display_name=message.user)

    link_kernel(packages_folder(message))
    app = OnSocket(identity_provider_class=OneUser, kernel_spec_manager_class=flow_kernels(message), config=Config(settings(message)))
    app.jpserver_extensions = {"jupyterlab": True, "jupyter_server_terminals": True}
    app.initialize(argv=[], find_extensions=False)
    return app


if __name__ == "__main__":
    main()
