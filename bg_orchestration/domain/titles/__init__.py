"""Reading job titles: rank and function, one file for each language and axis."""
