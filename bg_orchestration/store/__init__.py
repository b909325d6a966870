"""What must survive: the tables, their migrations, and one module for each family of tables."""
