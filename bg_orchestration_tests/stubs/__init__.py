"""Stubs of the data providers: they speak the documented protocols over real HTTP.

All serve the same invented world and count what they would have charged. `server.py` starts them.
"""
