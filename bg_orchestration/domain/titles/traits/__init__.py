"""The words of traits, one file for each language."""
