"""Sentences of reasons: rank, scope and limit, each once."""

from bg_orchestration.domain.judgement.job_reading import function_words, seniority_words
from bg_orchestration.domain.model import Job, Trait

_NO_ROLE: dict[Trait, str] = {
    "silent": "the title says nothing, and a department alone gives no role",
    "gone": "is no longer in the job",
    "outside": "stands outside the company or oversees it",
    "learner": "is still learning the job",
    "gatekeeper": "screens others and buys nothing; the way in",
    "trade": "does for others what the company sells, or guards its doors",
    "customer_work": "does for customers what the company sells",
}


def no_role_words(job: Job) -> str:
    """Return why a title rules out every role; else that its function has no part."""
    for trait, words in _NO_ROLE.items():
        if trait in job.traits:
            return words
    return f"{function_words(job.function)} has no part in this purchase at this rank"


def dollars(amount: float) -> str:
    """Return an amount in words: `50,000 USD`."""
    return f"{amount:,.0f} USD"


def rank_words(job: Job) -> str:
    """Return rank and scope: `Director of all sales`, `Manager of part of sales (emea)`."""
    where = function_words(job.function)
    if job.second is not None:
        where += f" and {function_words(job.second)}"
    rank = seniority_words(job.standing)
    if job.standing == "owner":
        return f"Founder or owner, heads {where}"
    if "deputy" in job.traits:
        return f"Deputy to the head of {where}"
    if job.standing == "entry":
        return _capital(f"junior in {where}")
    if job.standing in ("individual", "senior"):
        staff = "senior specialist" if job.standing == "senior" else "specialist"
        return _capital(f"{staff} in {where}{_work(job)}{_part(job)}")
    if "part" in job.traits:
        return _capital(f"{rank} of part of {where}{_part(job)}{_work(job)}")
    if "process" in job.traits:
        return _capital(f"{rank}{_work(job)} in {where}")
    whole = "all " if job.standing in ("director", "vp", "c_suite") else ""
    return _capital(f"{rank} {'of' if whole else 'in'} {whole}{where}")


def management_words(job: Job) -> str:
    """Return the word for general management."""
    if job.standing == "owner":
        return "Owner or founder of the company"
    return "Runs the whole company"


def _work(job: Job) -> str:
    process = "process" in job.traits and "data_protection" not in job.traits
    return ", runs its processes and tools" if process else ""


def _part(job: Job) -> str:
    return f" ({job.scope})" if job.scope else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
