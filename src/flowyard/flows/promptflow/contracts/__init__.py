"""``promptflow.contracts``: types that tools annotate their parameters with."""
