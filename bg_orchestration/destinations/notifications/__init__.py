"""Telling others what changed: signed webhooks and messages for Slack, sent from the outbox."""
