"""A seeded simulation of the whole system over the real store code, without processes.

One seed decides everything: who acts next, what fails, when the clock steps. Time is virtual. The
tables, locks and transactions are real, on SQLite or PostgreSQL; a failing seed replays exactly.

python -m bg_orchestration_tests.simulation --seeds 1000
"""
