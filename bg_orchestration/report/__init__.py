"""One judged company as a page to forward: who takes part, why, and what is missing."""
