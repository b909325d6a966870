"""Reading job titles: rank, function and traits; one file for each language and axis."""
