"""The API's routes, one module a noun. Each has a `router`; `server.app` lists them."""
