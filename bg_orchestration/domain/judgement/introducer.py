"""Section 6 of the policy: introducers, who open the door without a stake."""

from bg_orchestration.domain.judgement.candidates import Choice, Seats, unique
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.reasons import rank_words
from bg_orchestration.domain.model import RANKS


def introducer(purchase: Purchase, seats: Seats) -> Choice:
    """Return the introducers: chiefs of staff; prospectors where sales or marketing buys."""
    fitting = [each for each in seats.free if purchase.introduces(each.job)]
    fitting.sort(key=lambda c: (not c.has("chief_of_staff"), -RANKS.index(c.rank), *c.tie()))
    limits = purchase.policy.introducers
    most = limits.few if purchase.employees < limits.large_from else limits.many
    return [
        (
            each,
            "Chief of staff; works beside who decides, without a stake of their own"
            if each.has("chief_of_staff")
            else f"{rank_words(each.job)}; answers strangers for a living",
        )
        for each in unique(fitting)[:most]
    ]
