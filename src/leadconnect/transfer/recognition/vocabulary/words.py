"""Words around what a header is about: they are left out when the whole header is not known."""

FILLERS = frozenset({
    "a", "an", "the", "of", "for", "your", "our", "us", "you", "my", "is", "are", "was", "what", "whats",
    "please", "enter", "any", "s", "to", "be", "do", "we", "may", "can", "give", "provide",
    "ihr", "ihre", "ihren", "dein", "deine", "wie", "ist", "lautet", "bitte", "der", "die", "das", "des", "unter",
    "votre", "vos", "ton", "ta", "quel", "quelle", "est", "le", "la", "les", "l", "du",
    "su", "tu", "cual", "cuál", "es", "el", "los", "il", "tuo", "tua", "suo", "sua", "qual", "seu", "o", "e", "é",
    "je", "uw", "jouw", "wat", "twoj", "twój", "twoje", "ваш", "ваша", "ваше", "din", "ditt", "dit",
})  # fmt: skip
"""Words of questions and articles: ``What is your phone number?``."""
QUALIFIERS = frozenset({
    "customer", "customers", "cust", "client", "clients", "contact", "lead", "buyer", "primary", "main", "official",
    "personal", "work", "home", "office", "alt", "alternate", "alternative", "secondary", "second", "other",
    "registered", "current", "billing", "shipping", "mailing", "preferred", "business", "additional", "default",
    "direct", "private", "professional", "corporate", "valid", "user", "applicant", "student", "patient", "person",
    "prospect", "mandatory", "required", "optional", "sender",
    "geschäftlich", "privat", "dienstlich", "beruflich", "professionnel", "personnel", "principal", "trabajo",
    "particular", "personale", "lavoro", "ufficio", "casa", "comercial", "residencial", "pessoal", "zakelijk", "prive",
    "служебный", "рабочий", "домашний", "личный", "основной", "służbowy", "prywatny",
})  # fmt: skip
"""Whose or which one it is: ``alt phone``, ``email home``."""
COUNTS = frozenset({"no", "nos", "number", "numbers", "num", "nr", "id", "details", "detail", "info", "#", "номер"})
"""Words that say nothing behind a phone or an address: ``telephone no.``."""
TAILS = frozenset({"with", "if", "incl", "including", "eg", "format"})
"""Where what is asked for ends and advice begins: ``phone number with country code``."""
