"""Reports: a judged company as a page or text, and traces as bars."""
