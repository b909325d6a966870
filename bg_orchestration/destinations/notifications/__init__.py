"""Notifications of changed groups: signed webhooks and Slack messages, sent from the outbox."""
