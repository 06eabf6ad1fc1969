"""The command line: ``flowyard <noun> <verb>``, a thin layer over the SDK."""
