"""The tables, as SQLAlchemy Core; Alembic's migrations create them."""
