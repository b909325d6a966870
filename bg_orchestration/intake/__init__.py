"""The intake of events: inbox, reading, routing, provider pushes, application, replay."""
