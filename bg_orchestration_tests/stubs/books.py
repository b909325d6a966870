"""What the stubs would have charged: each paid call under its question, and what is left."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Line:
    """One question: how often it was asked, how often it was charged, and for how much."""

    asked: int = 0
    paid: int = 0
    credits: float = 0.0


@dataclass
class Books:
    """One ledger for all stubs; `left` holds what remains in each wallet."""

    start: float = 1_000_000.0
    lines: dict[tuple[str, str, str], Line] = field(default_factory=lambda: defaultdict(Line))
    left: dict[str, float] = field(default_factory=dict)

    def ask(self, provider: str, endpoint: str, question: str) -> int:
        """Count a request; how often it was made before."""
        line = self.lines[provider, endpoint, question]
        line.asked += 1
        return line.asked - 1

    def charge(self, provider: str, endpoint: str, question: str, cost: float) -> None:
        """Book a charge."""
        line = self.lines[provider, endpoint, question]
        line.paid += 1
        line.credits += cost
        self.left[provider] = self.remaining(provider) - cost

    def remaining(self, provider: str) -> float:
        """What is left in a provider's wallet."""
        return self.left.get(provider, self.start)

    def tell(self) -> dict[str, Any]:
        """The figures, for tests and scripts."""
        paid = [(key, line) for key, line in self.lines.items() if line.paid]
        spent: dict[str, float] = defaultdict(float)
        for (provider, _, _), line in paid:
            spent[provider] += line.credits
        return {
            "asked": sum(line.asked for line in self.lines.values()),
            "paid": sum(line.paid for _, line in paid),
            "distinct": len(paid),
            "credits": spent,
            "questions": [
                {
                    "provider": provider,
                    "endpoint": endpoint,
                    "question": question,
                    "asked": line.asked,
                    "paid": line.paid,
                    "credits": line.credits,
                }
                for (provider, endpoint, question), line in sorted(self.lines.items())
            ],
        }
