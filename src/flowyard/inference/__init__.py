"""Models over one wire protocol: the client, the providers behind connections, local engines, prices."""
