"""Headers of hand-made sheets, in English, German, French, Spanish, Hindi and Arabic; more are in ``headers.tsv``.

Case, spaces, punctuation, accents, a star and a suffix in brackets do not count (`headers.header_key`), nor does a
number at the end: ``Phone Number*``, ``phoneNumber``, ``PHONE_NUMBER`` and ``Phone Number 2`` are one entry.
"""

ALIASES: dict[str, tuple[str, ...]] = {
    "name": (
        "Name", "Full Name", "Customer", "Customer Name", "Client", "Client Name", "Contact", "Contact Name",
        "Contact Person", "Lead", "Lead Name", "Person Name", "User Name", "First And Last Name", "Sender Name",
        "Display Name", "Prospect", "Prospect Name", "Buyer", "Buyer Name", "Your Name", "Student Name",
        "Patient Name",
        "Vollständiger Name", "Kunde", "Kundenname", "Ansprechpartner", "Kontakt", "Kontaktperson", "Interessent",
        "Nom", "Nom complet", "Nom et prénom", "Prénom et nom", "Nom du client", "Interlocuteur",
        "Nombre", "Nombre completo", "Nombre y apellidos", "Cliente", "Nombre del cliente", "Contacto",
        "Persona de contacto", "नाम", "पूरा नाम", "ग्राहक", "ग्राहक का नाम", "संपर्क व्यक्ति",
        "الاسم", "الاسم الكامل", "اسم العميل", "العميل", "اسم", "جهة الاتصال",
    ),
    "namePrefix": (
        "Salutation", "Name Prefix", "Prefix", "Honorific", "Anrede", "Titel", "Civilité", "Tratamiento", "उपाधि",
        "اللقب",
    ),
    "firstName": (
        "First Name", "First", "fname", "Given Name", "Forename", "Vorname", "Prénom", "Nombre de pila",
        "Primer nombre",
        "पहला नाम", "الاسم الأول",
    ),
    "middleName": (
        "Middle Name", "Middle", "Additional Name", "Zweiter Vorname", "Deuxième prénom", "Segundo nombre",
        "मध्य नाम",
        "الاسم الأوسط",
    ),
    "lastName": (
        "Last Name", "Last", "lname", "Surname", "Family Name", "Second Name", "Nachname", "Familienname", "Zuname",
        "Nom de famille", "Apellido", "Apellidos", "Primer apellido", "उपनाम", "कुलनाम", "अंतिम नाम", "اسم العائلة",
        "الاسم الأخير",
    ),
    "nameSuffix": ("Name Suffix", "Suffix", "Namenszusatz", "Suffixe", "Sufijo"),
    "phoneNumber": (
        "Phone Number", "Phone", "Phone No", "Phone Num", "Ph", "Ph No", "Ph Number", "Mobile", "Mobile No",
        "Mobile Number", "Mobile Phone", "Mobile Phone Number", "Mob", "Mob No", "Contact No", "Contact Number",
        "Contact Phone", "Contact Mobile", "WhatsApp", "WhatsApp Number", "WhatsApp No", "WhatsApp Phone", "Cell",
        "Cell Phone", "Cell Number", "Cellphone", "Tel", "Tel No", "Telephone", "Telephone Number", "User Phone",
        "Work Phone", "Work Direct Phone", "Direct Phone", "Office Phone", "Home Phone", "Business Phone",
        "Primary Phone", "Other Phone", "Alternate Phone", "Alternate Number", "Alternate Mobile", "Secondary Phone",
        "Company Phone", "Corporate Phone", "Customer Phone", "Lead Phone", "Your Phone", "Landline", "Sender Mobile",
        "Sender Phone", "Phone 1 - Value",
        "Telefon", "Telefonnummer", "Telefonnr", "Tel Nr", "Handy", "Handynummer", "Mobil", "Mobilnummer",
        "Mobiltelefon", "Festnetz", "Rufnummer", "Téléphone", "Numéro de téléphone", "N° de téléphone", "Portable",
        "Téléphone portable", "Téléphone mobile", "Téléphone fixe", "Numéro", "Teléfono", "Número de teléfono",
        "Teléfono móvil", "Móvil", "Celular", "Número de celular", "Teléfono fijo",
        "फ़ोन", "फोन", "फ़ोन नंबर", "फोन नंबर", "मोबाइल", "मोबाइल नंबर", "संपर्क नंबर", "दूरभाष", "व्हाट्सएप",
        "الهاتف", "رقم الهاتف", "هاتف", "الجوال", "رقم الجوال", "جوال", "الموبايل", "رقم الموبايل", "المحمول",
        "واتساب",
    ),
    "email": (
        "Email", "E-mail", "Email ID", "Mail", "Mail ID", "Email Address", "E-mail Address", "Work Email",
        "Business Email", "Personal Email", "Home Email", "Other Email", "Primary Email", "Secondary Email",
        "Tertiary Email", "Alternate Email", "Contact Email", "Customer Email", "Your Email", "User Email",
        "Lead Email",
        "Company Email", "Sender Email", "E-mail 1 - Value", "E-Mail-Adresse", "Mailadresse", "Emailadresse",
        "Courriel",
        "Adresse e-mail", "Adresse électronique", "Adresse mail", "Correo", "Correo electrónico", "Correo-e", "ईमेल",
        "ई-मेल", "ईमेल पता", "ईमेल आईडी", "البريد", "البريد الإلكتروني", "بريد إلكتروني", "الإيميل", "ايميل",
    ),
    "dateOfBirth": (
        "Date of Birth", "DOB", "D.O.B", "Birth Date", "Birthday", "Birthdate", "Geburtsdatum", "Geburtstag",
        "Date de naissance", "Anniversaire", "Fecha de nacimiento", "Cumpleaños", "जन्म तिथि", "जन्मदिन",
        "تاريخ الميلاد",
    ),
    "city": (
        "City", "Town", "City/Town", "Sender City", "Stadt", "Ort", "Wohnort", "Ville", "Commune", "Ciudad",
        "Localidad",
        "Población", "शहर", "नगर", "المدينة", "مدينة",
    ),
    "state": (
        "State", "Province", "State/Province", "State/Region", "Region", "Sender State", "Bundesland", "Kanton",
        "Région",
        "Département", "Provincia", "Estado", "Región", "राज्य", "प्रदेश", "المحافظة", "المنطقة", "الولاية",
    ),
    "country": (
        "Country", "Country/Region", "Country Name", "Country Code", "Sender Country ISO", "Sender Country", "Nation",
        "Land", "Pays", "País", "देश", "الدولة", "البلد", "دولة",
    ),
    "pincode": (
        "Pincode/Zipcode", "Pincode", "Pin", "Zip", "Zipcode", "Postal Code", "Post Code", "Zip/Postal Code",
        "Postal",
        "Sender Pincode", "PLZ", "Postleitzahl", "Code postal", "CP", "Código postal", "पिनकोड", "पिन कोड",
        "الرمز البريدي",
    ),
    "companyName": (
        "Company Name", "Company", "Organisation", "Organization", "Organisation Name", "Organization Name", "Firm",
        "Firm Name", "Account", "Account Name", "Org", "Company / Account", "Sender Company", "Business Name",
        "Business",
        "Employer", "Your Company", "Firma", "Firmenname", "Unternehmen", "Betrieb", "Entreprise", "Société",
        "Nom de l'entreprise", "Raison sociale", "Empresa", "Compañía", "Nombre de la empresa", "Razón social",
        "कंपनी",
        "कंपनी का नाम", "संस्था", "الشركة", "اسم الشركة", "المؤسسة", "شركة",
    ),
    "designation": (
        "Designation", "Title", "Job Title", "Position", "Job", "Job Role", "Role", "Profession", "Occupation",
        "Berufsbezeichnung", "Funktion", "Beruf", "Fonction", "Poste", "Intitulé du poste", "Cargo",
        "Puesto", "Profesión", "पद", "पदनाम", "व्यवसाय", "المسمى الوظيفي", "الوظيفة", "المنصب",
    ),
    "customerCategory": (
        "Customer Category", "Category", "Customer Type", "Lead Category", "Contact Type", "Lifecycle Stage",
        "Kundenkategorie", "Kundentyp", "Catégorie", "Type de client", "Categoría", "Tipo de cliente", "श्रेणी",
        "فئة العميل", "الفئة",
    ),
    "lastContactedDate": (
        "Last Contacted Date", "Last Contacted", "Last Contact", "Last Contact Date", "Last Contacted On",
        "Last Called",
        "Last Activity", "Last Activity Date", "Letzter Kontakt", "Zuletzt kontaktiert", "Dernier contact",
        "Último contacto", "अंतिम संपर्क", "آخر تواصل", "آخر اتصال",
    ),
    "lastContactedBy": ("Last Contacted By", "Last Called By"),
    "nextFollowupDate": (
        "Next Followup Date", "Next Followup", "Followup Date", "Followup", "Next Follow-up On", "Next Contact Date",
        "Follow up on", "Next Call", "Next Call Date", "Callback Date", "Reminder", "Wiedervorlage",
        "Nächster Kontakt",
        "Prochaine relance", "Relance", "Prochain contact", "Próximo seguimiento", "Próximo contacto", "Seguimiento",
        "अगला फॉलोअप", "المتابعة القادمة", "تاريخ المتابعة",
    ),
    "customerInterestedIn": (
        "Customer Interested In", "Interested In", "Interest", "Product", "Product Name", "Product Interest",
        "Service",
        "Course", "Query Product Name", "Interesse", "Produkt", "Interessiert an", "Intérêt", "Produit",
        "Intéressé par",
        "Interés", "Producto", "Interesado en", "रुचि", "उत्पाद", "المنتج", "الاهتمام", "مهتم ب",
    ),
    "preferredCommunicationChannel": (
        "Preferred Communication Channel", "Preferred Channel", "Communication Channel", "Preferred Contact Method",
        "Bevorzugter Kanal", "Kontaktart", "Canal préféré", "Canal preferido", "قناة التواصل",
    ),
    "customCommunicationChannel": ("Custom Communication Channel",),
    "leadSource": (
        "Lead Source", "Source", "Channel", "Campaign", "Campaign Name", "Original Source", "How did you hear",
        "How did you hear about us", "Where did you hear about us", "Medium", "Quelle", "Herkunft", "Kanal",
        "Source du lead", "Origine", "Provenance", "Origen", "Fuente", "Canal", "स्रोत", "लीड स्रोत", "المصدر",
        "مصدر العميل", "كيف سمعت عنا",
    ),
    "customLeadSource": ("Custom Lead Source",),
    "customReferralSource": ("Custom Referral Source", "Referred By", "Reference", "Empfohlen von", "Recommandé par",
                             "Recomendado por"),
    "customGeneratedBy": ("Custom Generated By", "Generated By"),
    "leadStatus": (
        "Lead Status", "Status", "Stage", "Status Label", "Deal Stage", "Lead Stage", "Current Status", "Deal Status",
        "Interested?", "Phase", "Statut", "État", "Étape", "Estado del lead", "Estatus", "Etapa", "Fase", "Situación",
        "स्थिति", "स्टेटस", "الحالة", "حالة العميل", "المرحلة",
    ),
    "leadCreatedBy": ("Lead Created By", "Created By", "Erstellt von", "Créé par", "Creado por"),
    "additionalNotes": (
        "Additional Notes", "Notes", "Note", "Remarks", "Remark", "Comments", "Comment", "Agent Comments", "Feedback",
        "Requirement", "Requirements", "Message", "Your Message", "Query", "Query Message", "Enquiry", "Description",
        "Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Notizen", "Notiz", "Kommentar", "Nachricht",
        "Beschreibung", "Remarques", "Remarque", "Commentaires", "Commentaire", "Notes complémentaires", "Notas",
        "Nota",
        "Comentarios", "Comentario", "Observaciones", "Mensaje", "Descripción", "टिप्पणी", "टिप्पणियाँ", "संदेश",
        "विवरण",
        "ملاحظات", "ملاحظة", "الملاحظات", "تعليقات", "رسالة",
    ),
    "sector": (
        "Sector", "Industry", "Industry Type", "Branche", "Secteur", "Secteur d'activité", "Sector de actividad",
        "Industria", "उद्योग", "क्षेत्र", "القطاع", "المجال", "الصناعة",
    ),
    "customSector": ("Custom Sector",),
    "externalId": (
        "External ID", "Externe ID", "Lead ID", "Customer ID", "Client ID", "Contact ID", "Record ID", "CRM ID",
        "Unique Query ID", "Inquiry ID", "Enquiry ID", "Kundennummer", "Numéro client", "Número de cliente",
    ),
}  # fmt: skip
"""The spellings of each target; a field's wire name is one of its own accord."""

WEAK_ALIASES = (
    "Campaign", "Campaign Name", "Medium", "Channel", "Kanal", "Canal", "Interested?", "Phase", "Fase", "Origin",
    "Number", "Número", "Numéro", "Nummer", "Numer", "Номер", "رقم", "Contact Details", "Contact Info",
    "Place", "Area", "Locality", "Village", "County", "Person", "POC", "Guest", "Vendor", "Brand", "Shop", "Dealer",
    "Distributor", "Response", "Outcome", "Question", "Questions", "Memo", "Other Details", "Item", "Model", "Project",
    "Package", "Due Date", "Callback", "Referrer", "Username", "Family Name", "Ad", "By", "Not", "市", "도", "시",
)  # fmt: skip
"""Those that mean their target only where no other column does: beside a source, a campaign is no source."""

HONORIFICS = (
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Mx",
    "Dr",
    "Prof",
    "Sir",
    "Shri",
    "Smt",
    "Herr",
    "Frau",
    "M",
    "Mme",
    "Mlle",
    "Sr",
    "Sra",
)
"""Words before a name. A column ``Title`` that has nothing else is none of jobs."""

RUNNING_NUMBERS = (
    "S No", "S. No.", "Sl No", "Sr No", "Sr. Number", "SNo", "Serial No", "Serial Number", "Index", "Row",
    "Row No", "No.", "#",
    "Lfd. Nr.", "Nr.", "N°", "Núm.", "क्रमांक", "क्र.सं.", "الرقم التسلسلي", "م",
)  # fmt: skip
"""Columns that only count the rows."""

PARTIES = (
    "Party Name", "Party", "Customer", "Customer Name", "Client", "Client Name", "Buyer", "Buyer Name", "Kunde",
    "Kundenname", "Cliente", "Nombre del cliente", "Nome cliente", "Nome do cliente", "Nom du client", "Klant",
    "Klantnaam", "Klient", "Nazwa klienta", "Клиент", "ग्राहक", "ग्राहक का नाम", "العميل", "客户", "客户名称", "顧客名",
)  # fmt: skip
"""Names of customers, who are firms where another column has their contact persons."""

CONTACT_PERSONS = (
    "Contact Person", "Contact Name", "Contact", "Primary Contact", "POC", "Point of Contact", "Owner Name",
    "Ansprechpartner", "Kontaktperson", "Interlocuteur", "Personne de contact", "Persona de contacto",
    "Pessoa de contato", "Referente", "Persona di contatto", "Contactpersoon", "Osoba kontaktowa", "Контактное лицо",
    "संपर्क व्यक्ति", "جهة الاتصال", "联系人", "担当者", "担当者名",
)  # fmt: skip
"""Names of persons who speak for customers."""
