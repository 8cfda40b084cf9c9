"""Commands about requests, the queue and reviews."""
