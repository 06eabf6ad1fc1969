"""Where documents come from: a web site, a Git repository, the rows of a query. Each is brought here as files with a manifest."""
