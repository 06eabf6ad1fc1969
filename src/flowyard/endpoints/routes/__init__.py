"""Routes: one name for several models, with weights, fallbacks, a breaker, a cache and a logging policy."""
