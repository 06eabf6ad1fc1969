"""The program of a scoring script's replica. It holds a token and nothing else of the platform's secrets."""

import os
from pathlib import Path

from flowyard.compute.child import Child
from flowyard.compute.serve import serve
from flowyard.endpoints.online.protocol import VERSION
from flowyard.endpoints.online.scripts import names
from flowyard.endpoints.online.scripts.app import ScriptApp
from flowyard.endpoints.online.scripts.script import MODEL_VARIABLE, Script
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.process_log import configure_logging
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.spool import SpoolSink


def main() -> None:
    """Serve the script of the start message until SIGTERM."""
    child = Child.start()
    configure_logging()
    with child.reporting():
        message = child.message
        if message.get("version") != VERSION:
            raise InvalidInputError(
                f"This replica speaks protocol {VERSION}, it was started with {message.get('version')!r}.",
                remedy="Install the same version of flowyard for the server and the script.",
            )
        endpoint, deployment = str(message["endpoint"]), str(message["deployment"])
        sink = SpoolSink(Path(message["spools"]), f"replica-{endpoint}-{deployment}")
        scrub = scrubber({}, message["token"])
        recorder = Recorder(sink, scrub=scrub, workspace_id=message["workspace_id"], endpoint=endpoint, deployment=deployment)
        names.install()
        os.environ[MODEL_VARIABLE] = message["model"]
        code = Path(message["code"])
        os.environ["AZUREML_APP_ROOT"] = str(code)
        os.environ["AZUREML_ENTRY_SCRIPT"] = message["script"]
        script = Script(code, message["script"], message["threads"])
        app = ScriptApp(script, recorder, message["token"], f"{endpoint}/{deployment}", sink.flush)
    serve(app, child, proxied=False)
    script.close()
    sink.close()


if __name__ == "__main__":
    main()
