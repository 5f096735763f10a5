"""The code that both applications share: settings, pages, forms, the database, the queue, secrets, live progress."""
