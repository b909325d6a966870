"""Paid calls to providers: ledger, rate limit, circuit, budget, reports."""
