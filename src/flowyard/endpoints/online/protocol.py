"""How gateway and replica speak, version 1.

The gateway sends ``POST /score``, ``GET /health`` and ``GET /swagger.json`` to the replica's address with the replica's token in a header
of its own; the caller's ``Authorization`` never reaches user code.
"""

#: Protocol version, told in the replica's start message.
VERSION = 1
