"""Data providers: adapters, listings, contacts, subscriptions."""
