"""Reads the email addresses and phone numbers of providers."""

from typing import Final

from bg_orchestration.importing import cells

# Digits of the shortest number in use that can be dialled from abroad.
_SHORTEST: Final = 7


def read_email(value: object) -> str | None:
    """Read an email address; its domain becomes lower case.

    `None` for a placeholder (`email_not_unlocked@domain.com`, `*`), a boolean that states only the
    existence of an address, and an unreadable value.
    """
    if not isinstance(value, str) or not value.strip().isprintable():
        return None
    try:
        return cells.read_email(value)
    except ValueError:
        return None


def read_phone(value: object, country: str | None = None) -> str | None:
    """Read a phone number as E.164.

    A number without its country's code is read as dialled in `country`, a code of ISO 3166 with
    two letters. `None` for an impossible number there.
    """
    if not isinstance(value, str) or not any(character.isdigit() for character in value):
        return None
    # Imported here: its tables take 30 ms, and most runs read no phone.
    import phonenumbers

    region = country.upper() if country and len(country) == 2 else None
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    text: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # Shorter ones are dialled within a town or a company.
    return text if len(text) > _SHORTEST else None
