"""The reference of the API: the OpenAPI description, and the page that shows it."""
