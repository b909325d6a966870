"""The receiver: verifies raw bytes, then parses, then commits, then answers."""
