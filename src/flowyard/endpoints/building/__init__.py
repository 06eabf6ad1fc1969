"""A deployment as something to hand over: the context of a container image, and the manifest that runs it in Kubernetes."""
