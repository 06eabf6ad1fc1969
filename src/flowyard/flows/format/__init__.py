"""The flow file: reading it, its reference grammar, its types, and the rules that it must keep."""
