"""Import of people and companies from files: reading, headers, cells, identity."""
