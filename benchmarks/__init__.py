"""Measurements that print ratios against a baseline run side by side; no part of the tests."""
