"""Tables, migrations, connections, locks, and one module for each family of rows."""
