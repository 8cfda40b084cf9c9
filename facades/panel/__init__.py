"""What streamers do from the Control Panel, and the token that lets them."""
