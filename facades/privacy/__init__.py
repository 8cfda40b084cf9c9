"""What is stored of members: getting it, erasing it, and removing what is kept for a limited time."""
