"""Columns and words by which people opt out. They are never read as consent to anything."""

OPT_OUTS = (
    "Email Opt Out", "Has Opted Out Of Email", "Opted Out", "Opt Out", "Opt-out", "SMS Opt Out", "Fax Opt Out",
    "Has Opted Out Of Fax", "Marketing Opt Out", "Opted Out Of Email", "Opted Out Of SMS", "Call Opt Out",
    "Do Not Call", "Do Not Contact", "Do Not Email", "Do Not Mail", "Do Not SMS", "Do Not Text", "Do Not Disturb",
    "No Marketing", "No Contact", "DND", "DNC", "DND Status", "Don't Call", "Don't Contact",
    "Unsubscribe", "Unsubscribed", "Is Unsubscribed", "Unsubscribed Mode", "Unsubscribed Time", "Unsubscribed At",
    "Unsubscribe Date", "Unsubscribed from all email", "UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_REASON",
    "UNSUB_REASON_OTHER", "Confirmed Opt-Out Date", "Confirmed Opt-Out Source", "Confirmed Opt-Out Reason",
    "dncmobile", "dncphone", "EMAIL_BLACKLISTED", "SMS_BLACKLISTED", "WHATSAPP_BLACKLISTED", "Blacklisted",
    "Blocklisted", "EMAIL_BLOCKLISTED", "SMS_BLOCKLISTED", "Email disabled", "Suppressed",
    "Werbesperre", "Keine Werbung", "Nicht anrufen", "Nicht kontaktieren", "Abgemeldet", "Désinscrit", "Désabonné",
    "Ne pas contacter", "Ne pas appeler", "No contactar", "No llamar", "Dado de baja", "Não contatar", "Não ligar",
    "Descadastrado", "Non contattare", "Non chiamare", "Disiscritto", "Niet bellen", "Niet contacteren",
    "Uitgeschreven", "Nie dzwonić", "Nie kontaktować", "Wypisany", "Не звонить", "Не беспокоить", "Отписан",
)  # fmt: skip
"""Columns by which a person asks to be left alone. Any value but a no means it, a day and a reason too."""

OPT_INS = (
    "Subscribed", "subscribed_to_emails", "Is Subscribed", "Email Opt In", "Opt In", "Opt-in", "Opted In", "SMS Opt In",
    "Accepts Marketing", "Accepts Email Marketing", "Accepts SMS Marketing", "Email Marketing Consent",
    "Marketing Consent", "Consent", "Newsletter", "Double opt-in", "Einwilligung", "Abonniert", "Consentement",
    "Consentimiento",
)  # fmt: skip
"""Columns by which a person agrees to something: a no in one is an opt-out, and nothing in one is consent here."""

SUBSCRIPTION_STATUSES = (
    "Email status", "Email permission status", "Subscription status", "Subscriber status", "Marketing contact status",
    "Marketing status", "Email subscription status", "Email Subscriber Status", "Newsletter status",
    "Permission status", "Member status", "Email Marketing Status", "SMS Marketing Status", "Person - Marketing status",
)  # fmt: skip
"""Columns whose words say whether a person is subscribed."""

STATUSES = (
    "unsubscribed", "unsubscribe", "opted out", "opt-out", "optout", "do not contact", "do not call", "dnc", "dnd",
    "blacklisted", "blocklisted", "suppressed", "cleaned", "complained", "spam complaint", "removed", "no consent",
    "abgemeldet", "ausgetragen", "nicht kontaktieren", "désabonné", "désinscrit", "ne pas contacter", "dado de baja",
    "no contactar", "descadastrado", "não contatar", "disiscritto", "uitgeschreven", "wypisany", "отписан", "отписался",
)  # fmt: skip
"""Words of a status that say that a person has opted out."""

NO = (
    "0", "0.0", "no", "n", "false", "f", "none", "never", "off", "nein", "nicht", "falsch", "non", "faux", "falso",
    "não", "nee", "nej", "nei", "nie", "ne", "нет", "ні", "ei", "hayır", "όχι", "いいえ", "否", "아니요", "नहीं", "لا",
    "לא", "tidak", "không", "subscribed", "active", "opted in", "opt-in", "allowed", "0000-00-00",
)  # fmt: skip
"""Values that say no."""
