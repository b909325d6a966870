"""What an inbox event means: reading, routing, provider pushes, applying it, replay."""
