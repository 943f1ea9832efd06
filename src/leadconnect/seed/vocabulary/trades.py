"""What leads do and want: lines of business, occupations, notes, and where leads come from. All made up by us."""

from typing import NamedTuple


class Trade(NamedTuple):
    """A line of business: the sector's name, words for company names in it, and what its customers ask for."""

    sector: str
    company_words: tuple[str, ...]
    interests: tuple[str, ...]


TRADES = (
    Trade(
        "Textiles",
        ("Textiles", "Mills", "Weaving", "Fabrics"),
        ("Cotton yarn 40s", "Power looms", "Dyeing line"),
    ),
    Trade(
        "Real estate",
        ("Estates", "Homes", "Developers"),
        ("Two-bedroom flat", "Office floor", "Plot near the ring road"),
    ),
    Trade(
        "Automotive",
        ("Motors", "Auto Parts", "Mobility"),
        ("Fleet of ten vans", "Brake discs", "Service contract"),
    ),
    Trade(
        "Electronics",
        ("Electronics", "Circuits", "Devices"),
        ("Printed circuit boards", "Sensor kits", "LED drivers"),
    ),
    Trade(
        "Food and beverage",
        ("Foods", "Dairy", "Bakery", "Spices"),
        ("Cold storage", "Private-label spices", "Packaging line"),
    ),
    Trade(
        "Pharmaceuticals",
        ("Pharma", "Laboratories", "Remedies"),
        ("Tablet press", "Bulk paracetamol", "Stability chambers"),
    ),
    Trade(
        "Construction",
        ("Builders", "Infra", "Engineering"),
        ("Ready-mix concrete", "Scaffolding", "Site cabins"),
    ),
    Trade(
        "Logistics",
        ("Logistics", "Freight", "Cargo"),
        ("Warehouse space", "Customs clearance", "Route planning"),
    ),
    Trade(
        "Education",
        ("Academy", "Learning", "Schools"),
        ("Thirty classroom tablets", "Exam software", "Teacher training"),
    ),
    Trade(
        "Healthcare",
        ("Clinics", "Hospital", "Care"),
        ("X-ray machine", "Patient records system", "Wheelchairs"),
    ),
    Trade(
        "Renewable energy",
        ("Solar", "Energy", "Power"),
        ("Rooftop panels 50 kW", "Battery storage", "Energy audit"),
    ),
    Trade(
        "Retail",
        ("Stores", "Retail", "Traders"),
        ("Point-of-sale terminals", "Shelving", "Loyalty programme"),
    ),
    Trade("Agriculture", ("Agro", "Farms", "Seeds"), ("Drip irrigation", "Hybrid seeds", "Tractor lease")),
    Trade(
        "Hospitality",
        ("Hotels", "Resorts", "Catering"),
        ("Booking engine", "Linen supply", "Kitchen equipment"),
    ),
)  # fmt: skip

OCCUPATIONS = (
    "Owner", "Managing Director", "Head of Purchase", "Purchase Manager", "Operations Manager", "Plant Manager",
    "Finance Director", "Marketing Manager", "IT Manager", "Project Engineer", "Store Manager", "Partner", "Consultant",
    "Administrator",
)  # fmt: skip

NOTES = {
    "new": (
        "Filled in the form and asked for a call back.",
        "Wants a price list before anything else.",
        "Met briefly; has our card.",
    ),
    "followup": (
        "Asked to be called again after the quarter closes.",
        "Sent the brochure; waiting for the technical team's questions.",
        "No answer twice. Try in the morning.",
    ),
    "qualified": (
        "Budget approved for this year; decision by a committee of three.",
        "Compares us with two others. Delivery time matters most.",
        "Needs references from the same trade.",
    ),
    "hot": (
        "Wants the final offer by Friday, payment in two parts.",
        "Ready to sign once the legal department has read the terms.",
        "Asked for a site visit next week: bring samples.",
    ),
    "converted": (
        "Signed. Hand over to the service team.",
        "First order delivered, very content; ask for a referral in spring.",
        "Renewed for a year.",
    ),
    "lost": (
        "Chose a cheaper offer. Contact again in twelve months.",
        "Project was put on hold by head office.",
        "Not the right contact any more; the company has moved.",
    ),
}
"""Notes by lead status."""

REFERRERS = ("Trade fair", "Chamber of commerce", "An existing customer", "Our accountant", "A former colleague")
CAMPAIGNS = ("Radio spot", "Newspaper advertisement", "Exhibition stand", "Walk-in", "Directory listing")
