"""Named addresses of model providers and other services, with their secrets: encrypted at rest, and never given back."""
