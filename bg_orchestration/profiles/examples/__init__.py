"""Profiles to copy from; none is loaded unless it lies in the folder of BG_PROFILES."""
