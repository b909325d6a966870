"""One folder for each data provider."""
