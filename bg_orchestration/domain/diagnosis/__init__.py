"""Diagnosis: from facts about the running system to findings with remedies."""
