"""Lists that are turned page by page."""
