"""The page: one HTML file without scripts and external resources."""

from bg_orchestration.domain.model import ROLES
from bg_orchestration.report.company_judgement import CompanyJudgement
from bg_orchestration.report.picture import WIDTH, influence_picture
from bg_orchestration.report.rules import rules_in_words
from bg_orchestration.report.templates import environment, inline
from bg_orchestration.report.words import ROLE_WORDS, figures, fit_words, headline, size_words


def page(judgement: CompanyJudgement) -> str:
    """Return the judgement as HTML; the same judgement gives the same bytes."""
    group = judgement.group
    style, style_hash = inline("page.css")
    return (
        environment()
        .get_template("page.html")
        .render(
            judgement=judgement,
            group=group,
            style=style,
            style_hash=style_hash,
            roles=[
                (role, ROLE_WORDS[role], [each for each in group.members if each.role == role])
                for role in ROLES
            ],
            figures=figures(group),
            fit=fit_words(group),
            size=size_words(group, judgement.company.employee_count),
            headline=headline(group, judgement.labels),
            picture=influence_picture(group, judgement.profile, judgement.labels),
            width=WIDTH,
            rules=rules_in_words(judgement.purchase),
        )
    )
