"""Example profiles to copy; a process loads only those in the folder BG_PROFILES."""
