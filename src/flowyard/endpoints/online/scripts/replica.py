"""The program of a scoring script's replica. It holds a token and nothing else of the platform's secrets."""

import os
from contextlib import ExitStack
from pathlib import Path

from flowyard.compute.child import Child
from flowyard.compute.serve import serve
from flowyard.endpoints.online.protocol import VERSION
from flowyard.endpoints.online.scripts.app import ScriptApp
from flowyard.endpoints.online.scripts.names import MODULES
from flowyard.endpoints.online.scripts.script import MODEL_VARIABLE, Script
from flowyard.flows.collecting import names
from flowyard.flows.collecting.process import collecting, in_front
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.process_log import configure_logging
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import NullSink
from flowyard.tracing.spool import SpoolSink


def main() -> None:
    """Serve the script of the start message until SIGTERM."""
    child = Child.start()
    configure_logging()
    ending = ExitStack()
    with child.reporting():
        message = child.message
        if message.get("version") != VERSION:
            raise InvalidInputError(
                f"This replica speaks protocol {VERSION}, it was started with {message.get('version')!r}.",
                remedy="Install the same version of flowyard for the server and the script.",
            )
        endpoint, deployment = str(message["endpoint"]), str(message["deployment"])
        # In an image nobody reads what it would write.
        sink = SpoolSink(Path(message["spools"]), f"replica-{endpoint}-{deployment}") if message["spools"] else NullSink()
        scrub = scrubber({}, message["token"])
        recorder = Recorder(sink, scrub=scrub, workspace_id=message["workspace_id"], endpoint=endpoint, deployment=deployment)
        names.install()
        names.install(MODULES)
        os.environ[MODEL_VARIABLE] = message["model"]
        code = Path(message["code"])
        os.environ["AZUREML_APP_ROOT"] = str(code)
        os.environ["AZUREML_ENTRY_SCRIPT"] = message["script"]
        kept = ending.enter_context(collecting(message, scrub))
        script = Script(code, message["script"], message["threads"])
        app = ScriptApp(script, recorder, message["token"], f"{endpoint}/{deployment}", sink.flush)
    serve(in_front(app, kept, values=False), child, proxied=False)
    script.close()
    ending.close()
    sink.close()


if __name__ == "__main__":
    main()
