"""Where LLM nodes find their models: at the gateway, or behind connections that the caller gave."""
