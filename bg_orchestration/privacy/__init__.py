"""Suppression and erasure of people."""
