"""The JSON schema of a seller profile, for completion and checks in editors."""

import json
from typing import Any

from bg_orchestration.domain.judgement.categories import CATEGORIES
from bg_orchestration.domain.judgement.seller_profile import SellerProfile

# The file beside the shipped profiles; a test compares it with the schema.
SCHEMA_FILE = "profile.schema.json"

_ABOUT = {
    "id": "Names this profile in groups, tables and commands. Keep it: another id is another "
    "profile, with groups of its own.",
    "category": "The kind of product: it says who pays, who uses it and who may object. Any other "
    "word is allowed; with one that names no department, give target_departments.",
    "name": "What people call the product. Default: the id.",
    "target_departments": "The functions that use the product, those that own its budget first. "
    "Default: those of the category.",
    "deal_size_usd": "What the first year costs, in US dollars, digits alone. The larger the deal, "
    "the higher the rank that approves it. Default: what is usual for the category.",
    "required_roles": "The roles without which a group counts as incomplete.",
    "countries": "Where you sell: names or codes, each as your source of people spells it. Put NO "
    "in quotes, which YAML reads as false. Empty: anywhere.",
    "key_companies": "The accounts that matter most, by company id or web domain. They are "
    "refreshed more often; who is in a group does not depend on it.",
    "weights": "How much each part counts in a person's score; only their proportion matters.",
    "weights.seniority": "How well the rank fits the size of the deal.",
    "weights.function": "How close the function is to the product: pays, uses, feels or checks it.",
    "weights.influence": "Whether the person leads people, close to this purchase.",
    "weights.tenure": "How long the person has held the job.",
    "weights.recency": "How recently the person started in it.",
    "weights.location": "Whether the person works in one of the countries; counts only where "
    "countries are named.",
}


def profile_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a profile, from its model."""
    schema = SellerProfile.model_json_schema()
    fields = schema["properties"]
    fields["weights"] = schema["$defs"]["Weights"]
    for name, field in fields.items():
        _describe(name, field)
    for name, field in fields["weights"]["properties"].items():
        _describe(f"weights.{name}", field)
    # These follow from the category or the id.
    for name in ("name", "target_departments", "deal_size_usd"):
        fields[name].pop("default", None)
    for name in ("target_departments", "required_roles"):
        fields[name]["uniqueItems"] = True
    fields["target_departments"]["minItems"] = 1
    categories = sorted(CATEGORIES)
    category = fields["category"]
    category["anyOf"] = [{"enum": categories}, {"type": category.pop("type")}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Seller profile",
        "description": "What one seller sells, and therefore who at a customer takes part.",
        "type": "object",
        "additionalProperties": False,
        "required": schema["required"],
        "properties": fields,
        "if": {"properties": {"category": {"enum": categories}}},
        "else": {"required": ["target_departments"]},
    }


def schema_text() -> str:
    """Return the text of the shipped schema."""
    return json.dumps(profile_schema(), indent=2) + "\n"


def _describe(name: str, field: dict[str, Any]) -> None:
    field["description"] = _ABOUT[name]
    field.pop("title", None)
