"""The assistant `/setup`: its pages and everything on them that can be clicked."""
