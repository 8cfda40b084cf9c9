"""Changes of the sandbox's state, each with the events it sends."""
