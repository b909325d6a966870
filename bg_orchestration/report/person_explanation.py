"""The explanation of a person's role: reading of the title, score and rule."""

from dataclasses import dataclass
from typing import Any

from rich.console import Group as Lines
from rich.text import Text

from bg_orchestration.domain.judgement.job_reading import function_words, seniority_words
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.model import Member, ScoredPerson
from bg_orchestration.report.company_judgement import CompanyJudgement
from bg_orchestration.report.terminal import Table
from bg_orchestration.report.words import ROLE_WORDS, level


@dataclass(frozen=True, slots=True)
class PersonExplanation:
    """The input and the rules of one person's judgement.

    Attributes:
        label: the name, else the title, else the id.
        scored: the person with the judged job and the scores.
        member: the membership; `None` for a person outside the group.
        why: the rules that gave or refused a role, in sentences.
    """

    judgement: CompanyJudgement
    label: str
    scored: ScoredPerson
    member: Member | None
    why: tuple[str, ...]


def explain(judgement: CompanyJudgement, person_id: str) -> PersonExplanation:
    """Explain the judgement of the person with this id."""
    member = next((each for each in judgement.group.members if each.person_id == person_id), None)
    return PersonExplanation(
        judgement=judgement,
        label=judgement.labels[person_id],
        scored=judgement.people[person_id],
        member=member,
        why=member.reasons if member else tuple(_why_not(judgement, person_id)),
    )


def _why_not(judgement: CompanyJudgement, person_id: str) -> list[str]:
    scored = judgement.people[person_id]
    fit = next(
        part for part in scored.scores[judgement.profile.id].parts if part.name == "function"
    )
    if fit.value == 0:
        return [fit.reason]
    group, titles = (
        judgement.group,
        f"{seniority_words(scored.job.standing)}, {function_words(scored.function)}",
    )
    deciders = [member.person_id for member in group.members if member.role == "decision"]
    # The same purchase without competitors: a person without a role there gets one from no rule.
    alone = assign(
        judgement.company.model_copy(update={"employee_count": group.company_size}),
        [judgement.people[each] for each in (*deciders, person_id)],
        judgement.profile,
        judgement.policy,
    )
    role = next((each.role for each in alone.members if each.person_id == person_id), None)
    if role is None:
        return [f"no rule gives a role to this rank and function ({titles})"]
    most = group.size_range[1]
    holders = [each for each in group.members if each.role == role]
    heading = ROLE_WORDS[role].heading.lower()
    why = [f"without the others they would be among the {heading} ({titles})"]
    if holders:
        names = ", ".join(judgement.labels[each.person_id] for each in holders)
        why.append(f"the rules put first: {names}")
    elif len(group.members) >= most:
        why.append(f"all {most} seats of the group are taken by roles that come first")
    return why


def as_dict(explanation: PersonExplanation) -> dict[str, Any]:
    """Return the explanation as a dictionary for JSON."""
    scored, member = explanation.scored, explanation.member
    job, person = scored.job, scored.person
    score = scored.scores[explanation.judgement.profile.id]
    return {
        "person_id": person.person_id,
        "name": person.name,
        "title": person.title,
        "department": person.department,
        "seniority": job.seniority,
        "standing": job.standing,
        "function": job.function,
        "reading_confidence": job.confidence,
        "role": member.role if member else None,
        "why": list(explanation.why),
        "score": score.total,
        "parts": [part.model_dump() for part in score.parts],
    }


def as_text(explanation: PersonExplanation) -> Lines:
    """Return the explanation as text."""
    scored, member = explanation.scored, explanation.member
    job, person = scored.job, scored.person
    score = scored.scores[explanation.judgement.profile.id]
    heading = Text(explanation.label, style="bold")
    if person.title != explanation.label:
        heading.append(f", {person.title or 'no title known'}", style="not bold")
    role = f"{member.role}: " if member else "Not in the group: "
    reading = (
        f"The title reads as: {job.said}; {function_words(job.function)} "
        f"({level(job.confidence)} confidence, {job.confidence:.1f})"
    )
    weight = sum(part.weight for part in score.parts)
    table = Table(box=None, show_header=True, header_style="dim", pad_edge=False)
    for column in ("part", "value", "weight"):
        table.add_column(column, no_wrap=True, justify="left" if column == "part" else "right")
    table.add_column("why")
    for part in score.parts:
        table.add_row(part.name, f"{part.value:.2f}", f"{part.weight / weight:.0%}", part.reason)
    table.add_row("score", f"{score.total:.2f}", "", "the mean of the values by weight")
    return Lines(
        heading,
        Text(role, style="bold").append("; ".join(explanation.why), "not bold"),
        reading,
        table,
    )
