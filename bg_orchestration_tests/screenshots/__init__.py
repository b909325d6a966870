"""The pictures of docs/dagit.md, taken from a running system: `make screenshots`."""
