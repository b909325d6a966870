"""Salesforce as a destination."""
