"""The crash suite: real processes, killed at seeded moments while signed events keep coming.

python -m bg_orchestration_tests.crash --seed 7 --kills 300 --database both
"""
