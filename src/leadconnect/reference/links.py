"""Where one may go from an answer: from a list, or from what was just made, to the operations on one of them."""

import re
from typing import Any

Schema = dict[str, Any]
ITEM = re.compile(r"(?P<collection>[^{}]+)/{(?P<name>\w+)}(/[\w-]+)*")


def add_links(paths: Schema, components: Schema) -> None:
    """Add OpenAPI links (OpenAPI 3.1 §4.8.20) to those operations of `paths` whose answer has the id of an item: to all
    that can be done with the item, or with a part of it.
    """
    for path, operations in paths.items():
        found = ITEM.fullmatch(path)
        if found is None or found["collection"] not in paths:
            continue
        for method, operation in paths[found["collection"]].items():
            answer = next(iter(operation["responses"].values()))
            place = _place_of_id(answer, components) if method in ("get", "post") else None
            if place is not None:
                parameters = {found["name"]: f"$response.body#{place}"}
                answer.setdefault("links", {}).update(
                    (linked["operationId"], {"operationId": linked["operationId"], "parameters": parameters})
                    for linked in operations.values()
                )


def _place_of_id(answer: Schema, components: Schema) -> str | None:
    """Return the JSON pointer to the id in an answer, the first one's in a list; None where it has none."""
    schema, place = answer["content"].get("application/json", {}).get("schema", {}), ""
    while True:
        schema = _resolved(schema, components)
        properties = schema.get("properties", {})
        if "id" in properties:
            return f"{place}/id"
        if schema.get("type") == "array":
            schema, place = schema["items"], f"{place}/0"
        elif "data" in properties:
            schema, place = properties["data"], f"{place}/data"
        else:
            return None


def _resolved(schema: Schema, components: Schema) -> Schema:
    while "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    return schema
