"""The event log as people read it: events, filters, and what is asked about them."""
