"""How gateway and replica speak, version 1.

The gateway sends ``POST /score``, ``GET /health`` and ``GET /swagger.json`` to the replica's address with the replica's token in a header
of its own; the caller's ``Authorization`` never reaches user code.
"""

#: The program of a flow's replica.
REPLICA_MODULE = "flowyard.endpoints.online.replica"
#: What every replica has in its environment.
REPLICA_ENVIRONMENT = {"PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"}
#: Protocol version, told in the replica's start message.
VERSION = 1
