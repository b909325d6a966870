"""The privacy check: a whole demo pushed through, then every trace of it searched for people."""
