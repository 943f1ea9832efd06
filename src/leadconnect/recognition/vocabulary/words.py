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
NO_PHONES = frozenset({
    "order", "invoice", "bill", "account", "ref", "reference", "gst", "gstin", "tax", "vat", "aadhaar", "aadhar", "pan",
    "iban", "imei", "serial", "qty", "quantity", "amount", "price", "value", "budget", "salary", "revenue", "fax",
    "pager", "ticket", "policy", "card", "tracking", "awb", "batch", "roll", "registration", "licence", "license",
    "vehicle", "chassis", "code", "sku", "ean", "isbn", "hsn", "bank", "passport", "id", "date", "time", "timestamp",
    "zip", "pin", "year", "size", "count", "score", "bestellnummer", "bestellung", "rechnung", "konto", "auftrag",
    "steuer", "commande", "facture", "compte", "pedido", "factura", "cuenta", "nif", "cpf", "cnpj", "inn", "инн",
    "счет", "заказ", "ordine", "fattura", "zamówienie", "nip", "regon", "siren", "siret", "rut", "dni", "plz",
})  # fmt: skip
"""Words of columns whose numbers are no phone numbers, however they look."""
NO_NAMES = frozenset({
    "salesman", "salesperson", "sales", "owner", "agent", "rep", "manager", "by", "assigned", "handled", "executive",
    "staff", "product", "item", "street", "address", "strasse", "straße", "rue", "calle", "rua", "via", "ulica", "city",
    "title", "subject", "tag", "tags", "group", "category", "type", "status", "stage", "source", "note", "notes",
    "remark", "campaign", "ad", "form", "list", "file", "department", "team", "branch", "father", "mother", "spouse",
    "husband", "wife", "reference", "brand", "model", "service", "project", "color", "colour", "country", "region",
    "language", "message", "comment", "description", "betreff", "verkäufer", "vendeur", "vendedor", "agente",
    "mitarbeiter", "bearbeiter", "zuständiger", "produkt", "produit", "producto", "produto", "dirección", "adresse",
    "endereço", "indirizzo", "adres", "адрес", "менеджер", "товар", "地址", "住所",
})  # fmt: skip
"""Words of columns that hold no names of leads."""
