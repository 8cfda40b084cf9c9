"""Tests of getting and erasing what is stored of members, and of removing what is kept for a limited time."""
