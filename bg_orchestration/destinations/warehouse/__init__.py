"""The warehouse: published groups as tables for the data team."""
