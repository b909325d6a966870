"""A fleet on real servers: PostgreSQL behind PgBouncer, a broker, two receivers, three workers.

python -m bg_orchestration_tests.production --seed 7 --minutes 10
"""
