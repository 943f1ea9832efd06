"""The bytes of an exported file: leads to CSV, JSON Lines, a workbook or a document. Pure, apart from `building`."""
