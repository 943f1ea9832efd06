"""The weights of what a client accepts."""


def weights(accept: str) -> list[tuple[str, float]]:
    """Return what an Accept or Accept-Encoding header lists, in lower case, and the weights (RFC 9110 §12.4.2).

    A weight that is not between 0 and 1 counts as 0, so that a broken range is never preferred.
    """
    found: list[tuple[str, float]] = []
    for item in accept.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _weight(value.strip())
        if name:
            found.append((name, weight))
    return found


def _weight(text: str) -> float:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()) or len(text) > 5:
        return 0.0
    weight = float(text)
    return weight if weight <= 1 else 0.0
