"""Reports: what was asked, the figures, and the figures as a chart and as a file."""
