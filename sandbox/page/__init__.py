"""The sandbox guild in a browser: a server on loopback and the page it serves."""
