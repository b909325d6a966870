"""Where published groups go: one folder for each destination."""
