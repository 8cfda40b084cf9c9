"""`make bench`: what things cost, beside what they have to cost."""
