"""The templates of the HTML pages, compiled once in a process."""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from bg_orchestration.domain.change_words import role_words
from bg_orchestration.domain.judgement.job_reading import function_words, seniority_words
from bg_orchestration.domain.model import ROLES, BuyerGroup, Member, Role
from bg_orchestration.report.words import ROLE_WORDS, RoleWords


@cache
def environment() -> Environment:
    """Return the environment of all pages; it escapes every value."""
    made = Environment(
        loader=PackageLoader("bg_orchestration.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"function": function_words, "rank": seniority_words, "role": role_words}
    return made


@cache
def inline(name: str) -> tuple[str, str]:
    """Return a style or script of this folder, and its hash for the page's policy.

    The policy allows this text alone, so no text of a record could load a resource.
    """
    text = environment().get_template(name).render()
    return text, "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def roles_of(group: BuyerGroup) -> list[tuple[Role, RoleWords, list[Member]]]:
    """Return each role with its words and members, the best score first."""
    in_order = sorted(group.members, key=lambda member: (-member.score, member.person_id))
    return [
        (role, ROLE_WORDS[role], [each for each in in_order if each.role == role]) for role in ROLES
    ]
