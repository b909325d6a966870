"""A rehearsal of the whole waterfall on providers that fail often.

python -m bg_orchestration_tests.rehearsal --seed 7 --faults 0.3
"""
