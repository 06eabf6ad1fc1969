"""Running flows: a plan is compiled once, a line is run over it, and one compact record per node says what happened."""
