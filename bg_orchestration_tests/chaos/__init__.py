"""Chaos and pressure: `bg up` on PostgreSQL while its surroundings misbehave, cell by cell.

python -m bg_orchestration_tests.chaos --seed 7
"""
