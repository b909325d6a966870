"""`python -m bg_orchestration` is the command `bg`."""

from bg_orchestration.cli import bg

bg(prog_name="bg")
