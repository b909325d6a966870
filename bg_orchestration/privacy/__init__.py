"""Suppression and erasure of people, and the identifiers that recognize them."""
