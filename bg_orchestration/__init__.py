"""Buyer groups as Dagster assets, refreshed by the person changes that providers push."""
