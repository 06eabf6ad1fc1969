"""Will a model fit into this machine: what it takes, counted from its card before anything is downloaded, against what is there."""
