"""The control plane over HTTP: routes, rights, problem details, and the studio's files."""
