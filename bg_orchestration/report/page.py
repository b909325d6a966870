"""The page: one HTML file without scripts and external resources."""

from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from bg_orchestration.domain.judgement.jobs import function_words, seniority_words
from bg_orchestration.domain.model import ROLES
from bg_orchestration.report.company_judgement import CompanyJudgement
from bg_orchestration.report.picture import WIDTH, influence_picture
from bg_orchestration.report.rules import rules_in_words
from bg_orchestration.report.words import ROLE_WORDS, figures, fit_words, headline, size_words


def page(judgement: CompanyJudgement) -> str:
    """Return the judgement as HTML; the same judgement gives the same bytes."""
    group = judgement.group
    environment = Environment(
        loader=PackageLoader("bg_orchestration.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"function": function_words, "rank": seniority_words}
    style = environment.get_template("page.css").render()
    return environment.get_template("page.html").render(
        judgement=judgement,
        group=group,
        style=style,
        # The policy allows this style alone, so no text of a record could load a resource.
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
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
