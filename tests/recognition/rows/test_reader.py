"""What a row says of a lead."""

import csv

import pytest

from leadconnect.leads.fields import LeadInput
from leadconnect.recognition.models import Fault, Remark
from tests.recognition.rows.reading import Sheet, codes, one, remarks


def test_a_plain_row_gets_the_defaults() -> None:
    reading = one(City="")
    assert reading.values == {
        "name": "Asha",
        "phoneNumber": "9876543210",
        "customerCategory": "potential",
        "leadStatus": "new",
        "leadSource": "other",
        "customLeadSource": "Import",
    }
    assert (reading.faults, reading.remarks, reading.skip, reading.external_id) == ([], [], None, None)


def test_cells_are_trimmed_and_inner_spaces_made_single() -> None:
    assert one(Name=" Asha\u00a0  Rao\t").values["name"] == "Asha Rao"


def test_marks_of_direction_go_and_joiners_stay() -> None:
    assert one(Name="\u202aAsha\u202c", City="क्\u200dष").values["name"] == "Asha"
    assert one(City="क्\u200dष").values["city"] == "क्\u200dष"


@pytest.mark.parametrize("cell", ["#N/A", "NULL", "n/a", "-", "nan", "None", " ", '=""'])
def test_what_means_nothing_is_blank(cell: str) -> None:
    assert "city" not in one(City=cell).values


def test_a_person_may_be_called_null() -> None:
    reading = Sheet(["First Name", "Last Name", "Phone"], [["Ada", "Null", "9876543210"]]).readings()[0]
    assert reading.values["name"] == "Ada Null"


def test_a_wrapper_and_an_apostrophe_go() -> None:
    assert one(City='="Pune"').values["city"] == "Pune"
    assert one(Notes="'=1+1").values["additionalNotes"] == "=1+1"
    assert one(Notes="'tis").values["additionalNotes"] == "'tis"


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("'+919876543210", "+919876543210"),
        ("'+91 98765 43210", "+91 98765 43210"),
        ("'09876543210", "09876543210"),
        ("p:+61402000111", "+61402000111"),
        ('="0091 98765 43210"', "+91 98765 43210"),
        ("=“0091 98765 43210”", "+91 98765 43210"),
        ("919876543210.0", "919876543210"),
        ("919876543210@s.whatsapp.net", "+919876543210"),
        ("(040) 1234 5678 ext. 5", "(040) 1234 5678 ext. 5"),
        ("\u202a+91 98765\u00a043210\u202c", "+91 98765 43210"),
    ],
)
def test_phones_are_mended(cell: str, phone: str) -> None:
    reading = one(Phone=cell)
    assert (reading.values["phoneNumber"], reading.faults) == (phone, [])


@pytest.mark.parametrize("cell", ["9.19877E+11", "9,19877e+11", "9E+9", "+9.19877E11"])
def test_a_phone_that_lost_its_digits_is_refused(cell: str) -> None:
    fault = one(Phone=cell).faults[0]
    advice = "Format the column as text where the file comes from, and export it again"
    message = f"Phone: “{cell}” has lost its digits in a spreadsheet"
    assert fault == Fault("lost_digits", "Phone", cell, message, advice)
    reading = one(Phone=cell, Email="asha@example.com")
    assert (reading.faults, remarks(reading), reading.values["phoneNumber"]) == ([], ["lost_digits"], "")
    assert reading.values["additionalNotes"] == f"Phone: {cell}"


def test_a_number_that_cannot_be_right_is_kept_and_remarked_upon() -> None:
    possible, impossible = one(Phone="+1 555 123 4567"), one(Phone="12345")
    assert (possible.values["phoneNumber"], remarks(possible)) == ("+1 555 123 4567", ["phone_not_valid"])
    assert (impossible.values["phoneNumber"], remarks(impossible)) == ("12345", ["phone_not_possible"])
    assert impossible.remarks[0].message == "Phone: “12345” cannot be a phone number in India; it was kept as it is"


def test_words_in_the_place_of_a_phone_go_to_the_notes() -> None:
    reading = one(Phone="call at office", Email="asha@example.com")
    assert (reading.values["phoneNumber"], reading.values["additionalNotes"]) == ("", "Phone: call at office")
    assert reading.remarks == [
        Remark(
            "no_phone",
            "Phone",
            "call at office",
            "Phone: “call at office” is no phone number; it was kept in the notes",
        )
    ]
    assert reading.faults == []


def test_the_country_of_a_row_says_where_its_number_is_dialled() -> None:
    assert remarks(one(Phone="04 50 11 22 33", Country="France", region="IN")) == []
    assert remarks(one(Phone="04 50 11 22 33", Country="India", region="FR")) == ["phone_not_valid"]


def test_a_calling_code_is_no_country_but_says_where_it_is() -> None:
    reading = one(Phone="04 50 11 22 33", Country_Code="+33")
    assert ("country" in reading.values, remarks(reading)) == (False, [])
    assert reading.values["additionalNotes"] == "Country Code: +33"


def test_of_several_phones_the_first_good_one_counts_and_the_others_are_kept() -> None:
    reading = Sheet(["Name", "Phone", "Mobile"], [["Asha", "12345", "98765 43210 / 91234 56789"]]).readings()[0]
    assert reading.values["phoneNumber"] == "98765 43210"
    assert reading.values["additionalNotes"] == "Phone: 12345\nMobile: 91234 56789"
    assert remarks(reading) == ["another_phone", "another_phone"]


def test_the_same_phone_twice_is_one() -> None:
    reading = Sheet(["Name", "Phone", "Mobile"], [["Asha", "98765 43210", "9876543210"]]).readings()[0]
    assert ("additionalNotes" in reading.values, reading.remarks) == (False, [])


def test_an_email_in_the_place_of_a_phone_is_one_all_the_same() -> None:
    reading = Sheet(["Name", "Phone", "Email"], [["A", "a@example.com", "98765 43210"]]).readings()[0]
    assert (reading.values["email"], reading.values["phoneNumber"]) == ("a@example.com", "98765 43210")


def test_of_several_emails_the_columns_own_come_first() -> None:
    row = ["A", "98765 43210; x@example.com", "b@example.com, c@example.com"]
    reading = Sheet(["Name", "Phone", "Email"], [row]).readings()[0]
    assert reading.values["email"] == "b@example.com"
    assert reading.values["additionalNotes"] == "Email: c@example.com\nPhone: x@example.com"


@pytest.mark.parametrize("cell", ["asha@@example.com", "bla.bla.@example.com", "ravi@gmail", "ravi @gmail.com"])
def test_an_address_that_is_none_goes_to_the_notes_where_there_is_another_contact(cell: str) -> None:
    reading = one(Email=cell)
    assert (reading.faults, remarks(reading)) == ([], ["bad_email"])
    assert ("email" in reading.values, reading.values["additionalNotes"]) == (False, f"Email: {cell}")
    assert reading.remarks[0].message == f"Email: “{cell}” is not an e-mail address; it was kept in the notes"
    fault = Sheet(["Name", "Email"], [["Asha", cell]]).readings()[0].faults[0]
    assert (fault.code, fault.message) == ("bad_email", f"Email: “{cell}” is not an e-mail address")
    assert fault.suggestion == "Correct the address, or add a phone number"


@pytest.mark.parametrize("cell", ["ravi@gmail.com, ", "mailto:ravi@gmail.com"])
def test_an_address_is_freed_of_what_is_around_it(cell: str) -> None:
    assert one(Email=cell).values["email"] == "ravi@gmail.com"


def test_an_address_may_bring_its_name_or_stand_in_for_it() -> None:
    cells = ["Asha Rao <asha@example.com>", "asha@example.com (home)", "asha_k.rao@example.com", "info@example.com"]
    readings = Sheet(["Email"], [[cell] for cell in cells]).readings()
    assert [reading.values["name"] for reading in readings] == [
        "Asha Rao",
        *(cell.partition(" ")[0] for cell in cells[1:]),
    ]
    assert remarks(readings[2]) == ["named_by_email"]
    assert readings[2].remarks[0].message == "The row has no name: its e-mail address names the lead"


@pytest.mark.parametrize(
    ("field", "header", "cell", "value"),
    [
        ("leadStatus", "Lead_Status", "New Lead", "new"),
        ("leadStatus", "Stage", "FOLLOW-UP", "followup"),
        ("leadStatus", "Lead_Status", "Closed - Converted", "converted"),
        ("leadStatus", "Lead_Status", "OPEN_DEAL", "qualified"),
        ("leadStatus", "Statut", "Gagné", "converted"),
        ("leadStatus", "الحالة", "غير مهتم", "lost"),
        ("customerCategory", "Customer_Category", "Potential Customer", "potential"),
        ("customerCategory", "Customer_Category", "EXISTING", "existing"),
        ("leadSource", "Source", "LinkedIn", "linkedin"),
        ("leadSource", "Source", "On field", "on_field"),
        ("leadSource", "Source", "Generated by", "generated_by"),
        ("leadSource", "Quelle", "Empfehlung", "referral"),
        ("preferredCommunicationChannel", "Preferred_Channel", "E-Mail", "email"),
        ("preferredCommunicationChannel", "Preferred_Channel", "In person", "in-person"),
        ("preferredCommunicationChannel", "Preferred_Channel", "Carrier pigeon", "Carrier pigeon"),
    ],
)
def test_spellings_of_enumerations_are_understood(field: str, header: str, cell: str, value: str) -> None:
    assert one(**{header: cell}).values[field] == value


def test_an_unknown_source_becomes_the_custom_one() -> None:
    reading = one(Lead_Source="Trade fair")
    assert (reading.values["leadSource"], reading.values["customLeadSource"]) == ("other", "Trade fair")
    assert remarks(reading) == ["unknown_source"]


def test_a_source_that_says_more_than_ours_keeps_its_words() -> None:
    values = one(Lead_Source="Employee Referral").values
    assert (values["leadSource"], values["customReferralSource"]) == ("referral", "Employee Referral")
    values = one(Lead_Source="Google Ads").values
    assert (values["leadSource"], values["customLeadSource"]) == ("campaign", "Google Ads")


def test_a_custom_source_that_is_given_stays() -> None:
    values = one(Lead_Source="Other", Custom_Lead_Source="Trade fair").values
    assert (values["leadSource"], values["customLeadSource"]) == ("other", "Trade fair")
    assert "additionalNotes" not in values


def test_an_unknown_status_or_category_is_kept_in_the_notes() -> None:
    reading = one(Deal_Stage="Negotiation", Category="Gold", Notes="likes tea")
    assert reading.values["leadStatus"] == "new"
    assert reading.values["additionalNotes"] == "likes tea\nDeal Stage: Negotiation\nCategory: Gold"
    assert remarks(reading) == ["unknown_status", "unknown_category"]


def test_names_are_joined_from_their_parts_where_there_is_no_full_one() -> None:
    header = ["Name", "First Name", "Last Name", "Email"]
    rows = [["", "Asha", "Rao", "a@x.com"], ["Ravi K", "Ravi", "Kumar", "r@x.com"], ["", "", "Solo", "s@x.com"]]
    readings = Sheet(header, rows).readings()
    assert [reading.values["name"] for reading in readings] == ["Asha Rao", "Ravi K", "Solo"]
    assert readings[1].values["additionalNotes"] == "Last Name: Kumar"


def test_a_form_of_address_is_no_name() -> None:
    reading = Sheet(["Salutation", "First Name", "Company", "Email"], [["Ms", "", "Example", "a@x.com"]]).readings()[0]
    assert (reading.values["name"], reading.values["additionalNotes"]) == ("Example", "Salutation: Ms")


@pytest.mark.parametrize("name", ["Rao, Asha", "Madonna", "Dr. med. Müller", "田中 孝", "O'Neil-Smith"])
def test_names_are_left_as_they_are_written(name: str) -> None:
    assert one(Name=name).values["name"] == name


def test_a_row_needs_a_contact_and_without_a_name_is_named_by_what_it_has() -> None:
    header = ["Name", "Company", "Phone", "Email"]
    rows = [["", "", "9876543210", ""], ["Asha", "", "", ""], ["", "Example", "", "e@x.com"], ["", "", "1", ""]]
    readings = Sheet(header, rows).readings()
    assert list(map(codes, readings)) == [[], ["no_contact"], [], ["no_name", "no_contact"]]
    assert (readings[0].values["name"], remarks(readings[0])) == ("9876543210", ["named_by_phone"])
    assert (readings[2].values["name"], readings[2].values["phoneNumber"]) == ("Example", "")


def test_a_profile_alone_is_no_contact() -> None:
    rows = [["Asha", "https://www.linkedin.com/in/asha-rao"], ["Bo", "https://example.com/about"]]
    assert [codes(reading) for reading in Sheet(["Name", "URL"], rows).readings()] == [["no_contact"]] * 2


@pytest.mark.parametrize("cell", ["0000-00-00", "00/00/0000", "0000-00-00 00:00:00", "1900-01-00", "0.0.00", "0",
                                  "1899-12-30", "30/12/1899", "0/0/00"])  # fmt: skip
def test_a_day_of_an_empty_cell_is_blank(cell: str) -> None:
    reading = one(DOB=cell)
    assert ("dateOfBirth" in reading.values, reading.faults, reading.remarks) == (False, [], [])
    assert len(reading.blank) == 1


def test_year_month_and_day_make_a_date_and_fewer_of_them_go_to_the_notes() -> None:
    header = ["Name", "Phone", "Birth Year", "Birth Month", "Birth Day"]
    rows = [["1980", "4", "7"], ["", "", "7"], ["1990", "2", "31"]]
    readings = Sheet(header, [["A", "9876543210", *row] for row in rows]).readings()
    assert [reading.values.get("dateOfBirth") for reading in readings] == ["1980-04-07", None, None]
    assert readings[1].values["additionalNotes"] == "Birth Day: 7"
    assert readings[2].values["additionalNotes"] == "Birth Year: 1990\nBirth Month: 2\nBirth Day: 31"
    assert one(Birthday="7").values["additionalNotes"] == "Birthday: 7"


@pytest.mark.parametrize("row", [["Total", "", "45000"], ["Grand Total:", "12", "45,000.00"], ["", "Summe", "3"]])
def test_a_row_that_sums_up_others_is_skipped(row: list[str]) -> None:
    assert Sheet(["Name", "Phone", "Value"], [row]).readings()[0].skip == "total_row"


def test_a_person_called_total_is_no_sum() -> None:
    reading = Sheet(["Name", "Phone", "City"], [["Total", "9876543210", "Pune"]]).readings()[0]
    assert (reading.skip, reading.values["name"]) == (None, "Total")


@pytest.mark.parametrize(
    ("header", "cell", "is_out"),
    [
        ("EMAIL_BLACKLISTED", "Yes", True), ("EMAIL_BLACKLISTED", "No", False), ("SMS_BLACKLISTED", "1", True),
        ("HasOptedOutOfEmail", "false", False), ("Do_Not_Call", "TRUE", True), ("Do_Not_Call", "nein", False),
        ("UNSUB_TIME", "2024-01-02", True), ("Unsubscribed", "0", False), ("subscribed_to_emails", "false", True),
        ("subscribed_to_emails", "true", False), ("Email status", "Unsubscribed", True), ("Newsletter", "yes", False),
        ("Email status", "Active", False), ("Subscription status", "opted out", True), ("Status", "Unsubscribed", True),
        ("Status", "New", False), ("Werbesperre", "ja", True), ("Désabonné", "non", False),
    ],
)  # fmt: skip
def test_an_opt_out_is_a_remark_by_the_meaning_of_its_column(header: str, cell: str, is_out: bool) -> None:
    reading = Sheet(["Name", "Phone", header], [["Asha", "9876543210", cell]]).readings()[0]
    assert (remarks(reading) == ["opted_out"]) is is_out
    assert is_out is False or cell in reading.values["additionalNotes"]


def test_the_persons_own_name_wins_over_the_familys() -> None:
    header = ["FamilyName", "FirstName", "LastName", "MobilePhone"]
    reading = Sheet(header, [["Smith Family", "John", "Smith", "+1 804 237 9876"]]).readings()[0]
    assert (reading.values["name"], reading.values["additionalNotes"]) == ("John Smith", "FamilyName: Smith Family")
    alone = Sheet(header[:2] + header[3:], [["Smith", "John", "+1 804 237 9876"]]).readings()[0]
    assert alone.values["name"] == "John Smith"


def test_a_column_of_dates_is_read_in_the_order_it_proves() -> None:
    header = ["Name", "Phone", "Next Followup Date"]
    american = Sheet(header, [["A", "9876543210", "03/04/2026"], ["B", "9876543210", "07/26/2026"]]).readings()
    assert [reading.values["nextFollowupDate"] for reading in american] == ["2026-03-04", "2026-07-26"]
    european = Sheet(header, [["A", "9876543210", "03/04/2026"], ["B", "9876543210", "26/07/2026"]]).readings()
    assert [reading.values["nextFollowupDate"] for reading in european] == ["2026-04-03", "2026-07-26"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [("15-Jan-50", "1950-01-15"), ("32874", "1990-01-01"), ("12 Mar 1990", "1990-03-12"), ("631152000", None),
     ("1990-01-01T00:00:00+05:30", "1990-01-01")],
)  # fmt: skip
def test_days_are_read_in_many_spellings(cell: str, day: str | None) -> None:
    reading = one(DOB=cell)
    assert reading.values.get("dateOfBirth") == day
    assert (codes(reading), remarks(reading)) == ([], [] if day else ["bad_date"])


def test_a_day_that_is_none_goes_to_the_notes_with_its_column_and_cell() -> None:
    reading = one(**{"Date_of_Birth_(YYYY-MM-DD)": "31/02/1990"})
    remark = reading.remarks[0]
    assert (reading.faults, remark.code, remark.column, remark.cell) == (
        [], "bad_date", "Date of Birth (YYYY-MM-DD)", "31/02/1990",
    )  # fmt: skip
    assert remark.message == "Date of Birth (YYYY-MM-DD): “31/02/1990” is not a date; it was kept in the notes"
    assert reading.values["additionalNotes"] == "Date of Birth (YYYY-MM-DD): 31/02/1990"


def test_words_and_birthdays_without_a_year_go_to_the_notes() -> None:
    reading = one(DOB="--05-12", Next_Followup_Date="next week")
    assert reading.values["additionalNotes"] == "DOB: --05-12\nNext Followup Date: next week"
    assert (remarks(reading), reading.faults) == (["date_without_year", "no_date"], [])


def test_somebody_who_wants_to_be_left_alone_is_told_of() -> None:
    reading = one(Email_Opt_Out="1", Do_Not_Call="0")
    assert reading.values["additionalNotes"] == "Email Opt Out: 1\nDo Not Call: 0"
    assert remarks(reading) == ["opted_out"]


def test_missing_cells_at_the_end_are_blank_and_blank_ones_too_many_do_no_harm() -> None:
    readings = Sheet(["Name", "Phone", "City"], [["A", "9876543210"], ["B", "9876543211", "Pune", "", " "]]).readings()
    assert [reading.faults for reading in readings] == [[], []]
    assert "city" not in readings[0].values


def test_cells_beyond_the_header_cost_the_row() -> None:
    fault = Sheet(["Name", "Phone", "City"], [["A", "1", "12 High St", " Pune"]]).readings()[0].faults[0]
    assert fault.code == "too_many_cells"
    assert fault.message == "The row has 4 cells, the header 3"
    assert fault.suggestion == "Put the cell that contains a comma in quotes"


def test_cells_beyond_the_header_of_a_workbook_cost_the_row_too() -> None:
    fault = Sheet(["Name", "Phone"], [["A", "9876543210", "x"]], form="xlsx").readings()[0].faults[0]
    assert (fault.code, fault.message) == ("too_many_cells", "The row has 3 cells, the header 2")


def test_a_row_with_another_delimiter_is_refused_as_such() -> None:
    fault = Sheet(["Name", "Phone", "City"], [["Asha;1;Pune"]]).readings()[0].faults[0]
    assert (fault.code, fault.message) == (
        "wrong_delimiter",
        "The row is divided by a semicolon, the header by a comma",
    )


def test_a_cell_that_swallowed_the_next_row_is_noticed() -> None:
    assert codes(one(Name="Asha,1,Pune\nRavi,2")) == ["unclosed_quote"]
    assert codes(one(Notes="Dear all,\nthanks, best, me")) == []
    assert one(Notes="one, two\r\nthree").values["additionalNotes"] == "one, two\r\nthree"


@pytest.mark.parametrize(
    "text",
    [
        'Asha,9876543210,"Pune,Loom\nRavi,9876543211,"Delhi",Weft',
        'Asha,9876543210,"Pune,Loom\nRavi,9876543211,Delhi,"Weft"',
        'Asha,9876543210,"Pune,Loom\nRavi,9876543211,Delhi,Weft\nBo,9876543212,"Goa",Heddle',
        '"Asha,9876543210,Pune,Loom\nRavi,9876543211,"Delhi",Weft',
        'Asha,9876543210,Pune,"Loom\nRavi,9876543211,Delhi,"Weft"',
    ],
)
def test_rows_behind_a_quote_that_is_not_closed_are_noticed_in_any_column(text: str) -> None:
    (cells,) = csv.reader(text.splitlines(keepends=True))
    assert "unclosed_quote" in codes(Sheet(["Name", "Phone", "City", "Company"], [cells]).readings()[0])


@pytest.mark.parametrize(
    ("city", "company"),
    [
        ("12 High St,\nPune", ""),
        ("12 High St\r\nPune, India", ""),
        ("12 High St, MG Road, Pune\nIndia", ""),
        ("Pune", "Loom\nWeft, Heddle, Reed"),
    ],
)
def test_an_honest_cell_of_several_lines_is_read(city: str, company: str) -> None:
    reading = Sheet(["Name", "Phone", "City", "Company"], [["Asha", "9876543210", city, company]]).readings()[0]
    assert codes(reading) == []
    assert reading.values["city"] == " ".join(city.split())
    assert reading.values.get("companyName", "") == " ".join(company.split())


def test_a_line_break_and_one_delimiter_are_no_row_however_narrow_the_file_is() -> None:
    assert codes(one(Name="Rao, Asha\n(Pune)")) == []


def test_a_header_that_comes_again_is_no_row() -> None:
    reading = Sheet(["Name", "Phone"], [["Name", "Phone"]]).readings()[0]
    assert reading.skip == "repeated_header"


@pytest.mark.parametrize(
    ("name", "email"),
    [("<test lead: dummy data for full_name>", ""), ("Any", "test@meta.com"), ("Bo (Sample Contact)", "b@x.com")],
)
def test_test_leads_are_skipped_in_any_file(name: str, email: str) -> None:
    assert one(Name=name, Email=email).skip == "test_lead"


def test_ids_of_other_systems_are_kept_apart_and_bounded() -> None:
    assert one(Record_ID="10023").external_id == "10023"
    reading = one(Record_ID="1" * 500)
    assert (reading.external_id, remarks(reading)) == (None, ["bad_id"])


def test_notes_take_what_fits_and_say_what_was_cut() -> None:
    reading = one(Notes="n" * 4_990, Shoe_size="x" * 50, Hat_size="7")
    assert len(reading.values["additionalNotes"]) == 5_000
    assert reading.values["additionalNotes"].endswith("\nShoe size")
    assert reading.remarks[0].message.endswith(f"left out: “: {'x' * 38}…”")
    assert remarks(reading) == ["notes_cut"]
    assert (len(one(Notes="n" * 6_000).values["additionalNotes"]), remarks(one(Notes="n" * 6_000))) == (
        5_000,
        ["notes_cut"],
    )


def test_json_has_no_apostrophes_to_take_away() -> None:
    wire = ["id", "leadCreatedBy", "customSector", "createdAt", "updatedAt", "name", "phoneNumber", "companyName"]
    row = ["1", "", "", "2026-01-01", "2026-01-01", "'=x", "9876543210", " 'Tis "]
    sheet = Sheet(wire, [row], form="json")
    assert sheet.mapping.system == "leadconnect_export"
    assert sheet.readings()[0].values["name"] == "'=x"
    assert isinstance(sheet.reader.judge(sheet.readings()[0]), LeadInput)
