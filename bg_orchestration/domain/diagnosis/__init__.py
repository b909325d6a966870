"""Pure diagnosis: from facts about the running system to findings with remedies."""
