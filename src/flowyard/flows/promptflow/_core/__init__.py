"""``promptflow._core``."""
