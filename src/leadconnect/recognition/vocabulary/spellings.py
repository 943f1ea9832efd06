"""Spellings of the values that a lead chooses from: those of other systems, and the usual words of six languages.

Compared by `headers.header_key`: only letters and digits count, whatever their case and accents.
"""

SPELLINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "customerCategory": {
        "potential": (
            "potential", "potential customer", "prospect", "lead", "new", "subscriber", "marketing qualified lead",
            "marketingqualifiedlead", "sales qualified lead", "salesqualifiedlead", "opportunity", "potenziell",
            "potentiell", "interessent", "potentiel", "client potentiel", "potencial", "cliente potencial", "संभावित",
            "محتمل", "عميل محتمل",
        ),
        "existing": (
            "existing", "existing customer", "customer", "client", "current", "current customer", "evangelist",
            "bestehend", "bestandskunde", "kunde", "existant", "client existant", "existente", "cliente",
            "cliente existente", "actual", "मौजूदा", "ग्राहक", "حالي", "عميل حالي", "عميل",
        ),
    },
    "leadStatus": {
        "new": (
            "new", "new lead", "open", "not contacted", "open - not contacted", "fresh", "fresh lead", "untouched",
            "created", "intake", "uncontacted", "raw", "to contact", "assigned",
            "neu", "offen", "nicht kontaktiert", "nouveau", "nouvelle", "ouvert", "à contacter", "non contacté",
            "nuevo", "nueva", "abierto", "sin contactar", "नया", "नई", "खुला", "جديد", "جديدة", "مفتوح",
        ),
        "followup": (
            "followup", "follow up", "contacted", "working", "working - contacted", "in progress",
            "attempted to contact",
            "attempted", "attempting", "connected", "contact in future", "nurturing", "nurture", "callback",
            "call back",
            "call later", "approaching", "replied", "no answer", "not reachable", "in bearbeitung", "kontaktiert",
            "wiedervorlage", "in arbeit", "en cours", "contacté", "à relancer", "relance", "suivi", "en proceso",
            "en curso", "contactado", "seguimiento", "संपर्क किया", "फॉलोअप", "प्रगति में", "متابعة", "قيد المتابعة",
            "تم التواصل", "قيد التنفيذ",
        ),
        "qualified": (
            "qualified", "pre qualified", "sales qualified", "open deal", "opportunity", "sql",
            "marketing qualified", "mql",
            "qualifiziert", "qualifié", "qualifiée", "calificado", "cualificado", "योग्य", "مؤهل",
        ),
        "hot": (
            "hot", "hot lead", "very interested", "interested", "heiß", "sehr interessiert", "interessiert", "chaud",
            "intéressé", "caliente", "interesado", "muy interesado", "गर्म", "रुचि है", "ساخن", "مهتم",
        ),
        "converted": (
            "converted", "won", "closed won", "closed - converted", "deal won", "customer", "sale", "sold", "booked",
            "enrolled", "konvertiert", "gewonnen", "abgeschlossen", "verkauft", "kunde", "converti", "gagné",
            "gagnée",
            "signé", "vendu", "convertido", "ganado", "ganada", "vendido", "cerrado ganado", "परिवर्तित", "जीता",
            "تم البيع", "تم التحويل", "محول", "مكسب",
        ),
        "lost": (
            "lost", "closed lost", "closed - not converted", "lost lead", "not interested", "junk", "junk lead",
            "dead",
            "dead lead", "unqualified", "not qualified", "disqualified", "bad data", "invalid", "rejected", "spam",
            "verloren", "kein interesse", "nicht interessiert", "abgelehnt", "unqualifiziert", "perdu", "perdue",
            "pas intéressé", "non intéressé", "non qualifié", "perdido", "perdida", "no interesado", "descartado",
            "no calificado", "खोया", "रुचि नहीं", "خسارة", "مفقود", "غير مهتم", "غير مؤهل",
        ),
    },
    "leadSource": {
        "website": (
            "website", "web", "web site", "web form", "site", "webseite", "homepage", "internet", "site web",
            "site internet",
            "sitio web", "página web", "वेबसाइट", "الموقع", "الموقع الإلكتروني", "موقع",
        ),
        "referral": (
            "referral", "referrals", "reference", "referred", "word of mouth", "empfehlung", "mundpropaganda",
            "recommandation", "bouche à oreille", "parrainage", "recomendación", "referido", "boca a boca", "सिफारिश",
            "संदर्भ", "إحالة", "توصية",
        ),
        "linkedin": ("linkedin", "लिंक्डइन", "لينكد إن"),
        "facebook": (
            "facebook", "fb", "meta", "an", "audience network", "msg", "messenger", "फेसबुक", "فيسبوك", "فيس بوك",
        ),
        "twitter": ("twitter", "x", "x (twitter)"),
        "campaign": (
            "campaign", "campaigns", "kampagne", "werbekampagne", "campagne", "campaña", "अभियान", "حملة",
            "حملة إعلانية",
        ),
        "instagram": ("instagram", "ig", "insta", "इंस्टाग्राम", "إنستغرام", "انستقرام", "انستجرام"),
        "generated_by": ("generated_by", "generated"),
        "on_field": ("on_field", "field", "field visit", "außendienst", "terrain", "visita de campo"),
        "other": (
            "other", "others", "sonstige", "sonstiges", "andere", "autre", "autres", "otro", "otros", "अन्य", "أخرى",
        ),
    },
    "preferredCommunicationChannel": {
        "email": ("email", "mail", "courriel", "correo", "correo electrónico", "ईमेल", "البريد الإلكتروني", "بريد"),
        "phone": (
            "phone", "call", "phone call", "telephone", "mobile", "telefon", "anruf", "téléphone", "appel",
            "teléfono",
            "llamada", "फ़ोन", "फोन", "कॉल", "هاتف", "الهاتف", "اتصال",
        ),
        "whatsapp": ("whatsapp", "wa", "व्हाट्सएप", "واتساب", "واتس اب"),
        "sms": ("sms", "text", "text message", "رسالة نصية"),
        "in-person": (
            "in-person", "meeting", "visit", "face to face", "persönlich", "treffen", "en personne", "rendez-vous",
            "en persona", "reunión", "मुलाकात", "شخصيا", "لقاء",
        ),
        "linkedin": ("linkedin",),
        "other": ("other", "sonstige", "autre", "otro", "अन्य", "أخرى"),
    },
}  # fmt: skip
"""The words that say the same as each value."""

KINDS_OF_SOURCE: dict[str, tuple[str, ...]] = {
    "website": (
        "organic search", "organic", "direct traffic", "direct", "online store", "web download",
        "web research", "chat", "live chat", "chatbot", "landing page", "seo", "contact form", "kontaktformular",
        "formulaire de contact", "formulario de contacto", "blog", "google", "google search", "google suche",
    ),
    "referral": (
        "employee referral", "external referral", "customer referral", "client referral", "partner referral",
        "friend",
        "freund", "ami", "amigo", "दोस्त", "صديق",
    ),
    "facebook": ("facebook ads", "facebook lead ads", "fb ads", "meta ads", "facebook messenger"),
    "instagram": ("instagram ads", "instagram dm"),
    "linkedin": ("linkedin ads", "linkedin sales navigator"),
    "campaign": (
        "advertisement", "advertising", "ads", "ad", "paid search", "paid social", "ppc", "google ads", "adwords",
        "google adwords", "google ads lead form", "email marketing", "email campaign", "newsletter",
        "other campaigns",
        "sms campaign", "facebook campaign", "werbung", "anzeige", "publicité", "publicidad", "anuncio",
        "विज्ञापन", "إعلان",
    ),
    "on_field": ("door to door", "site visit", "walk in"),
}  # fmt: skip
"""Sources that are of one of ours, and say more: their words are kept beside it."""
