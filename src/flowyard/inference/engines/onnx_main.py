"""The child process that holds an ONNX encoder. ``python -m`` this module; the supervisor starts it."""

from flowyard.compute.child import Child
from flowyard.compute.serve import serve
from flowyard.foundation.codecs import convert
from flowyard.inference.engines.onnx_app import OnnxApp
from flowyard.inference.engines.onnx_models import OnnxMessage, load


def main() -> None:
    """Load the model and serve until SIGTERM."""
    child = Child.start()
    with child.reporting():
        message = convert(child.message, OnnxMessage)
        encoder = load(message)
    serve(OnnxApp(encoder, message), child)


if __name__ == "__main__":
    main()
