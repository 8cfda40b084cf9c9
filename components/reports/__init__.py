"""Reports as messages: the words beside the picture, the table in its place, and the buttons below."""
