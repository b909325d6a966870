"""The variables of CRMs; `settings.Settings` inherits them."""

from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, PlainSerializer, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from bg_orchestration.provider_settings import Url

# The fields of each CRM that may be written.
CRM_FIELDS: Final = {
    "hubspot": ("role", "company"),
    "salesforce": ("opportunity", "field"),
}


def parse_automatic(value: Any) -> Any:
    """Read `hubspot.role,hubspot.company`."""
    if not isinstance(value, str):
        return value
    fields = [name.strip().lower() for name in value.split(",") if name.strip()]
    allowed = [f"{system}.{name}" for system, each in CRM_FIELDS.items() for name in each]
    if wrong := [name for name in fields if name not in allowed]:
        raise ValueError(f"{', '.join(wrong)}: no field; the fields are {', '.join(allowed)}")
    return tuple(fields)


class CrmSettings(BaseSettings):
    """Where the CRMs are, their keys, and what is written without a question."""

    hubspot_token: SecretStr | None = Field(
        None,
        description="Access token of a HubSpot private app with the scopes "
        "crm.objects.contacts.read, crm.objects.contacts.write, crm.objects.companies.read and "
        "crm.schemas.contacts.read. For bg crm.",
    )
    hubspot_url: Url = Field("https://api.hubapi.com", description="Base URL of HubSpot's API.")
    salesforce_url: Url | None = Field(
        None, description="Address of your Salesforce, https://acme.my.salesforce.com. For bg crm."
    )
    salesforce_token: SecretStr | None = Field(
        None, description="Access token (session id) of a Salesforce user; it ends after hours."
    )
    salesforce_client_id: SecretStr | None = Field(
        None,
        description="Consumer key of a Salesforce connected app with the client credentials flow; "
        "it outlives BG_SALESFORCE_TOKEN.",
    )
    salesforce_client_secret: SecretStr | None = Field(
        None, description="Consumer secret of the connected app of BG_SALESFORCE_CLIENT_ID."
    )
    salesforce_role_field: str | None = Field(
        None,
        pattern=r"^[A-Za-z]\w{0,79}$",
        description="Field of Salesforce contacts that gets the role too, such as Buyer_Role__c; "
        "the only place for contacts whose account has no open opportunity.",
    )
    crm_roles: Path | None = Field(
        None,
        description="File of our roles in the words of each CRM. Default: "
        "destinations/crm/roles.yaml of the package.",
    )
    crm_automatic: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(parse_automatic), PlainSerializer(",".join)
    ] = Field(
        (),
        description="Fields that are written each hour without bg crm apply: "
        "hubspot.role,hubspot.company,salesforce.opportunity,salesforce.field. Default: none.",
    )

    @property
    def crms(self) -> tuple[str, ...]:
        """The names of the CRMs with a key."""
        salesforce = self.salesforce_url and (
            self.salesforce_token or (self.salesforce_client_id and self.salesforce_client_secret)
        )
        return tuple(
            name
            for name, is_set in (("hubspot", self.hubspot_token), ("salesforce", salesforce))
            if is_set
        )
