"""Write docs/reference.md and the tables of docs/webhooks.md: `make reference`."""

from bg_orchestration_tests.documents.reference import DOCS, reference, webhook_page


def main() -> None:
    """Write both pages."""
    (DOCS / "reference.md").write_text(reference(), "utf-8")
    page = DOCS / "webhooks.md"
    page.write_text(webhook_page(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
