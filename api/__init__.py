"""The HTTP side: the Control Panel API, health and metrics."""
