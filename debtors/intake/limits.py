"""A limit on everything that comes from outside."""

from typing import Final

MAX_FILE_BYTES: Final = 2 * 1024**3
#: calamine holds a whole sheet in memory; zipped XML unpacks to many times its size.
MAX_XLSX_BYTES: Final = 200 * 1024**2
MAX_XLSX_UNPACKED_BYTES: Final = 2 * 1024**3
MAX_ROWS: Final = 5_000_000
MAX_COLUMNS: Final = 500
MAX_CELL_CHARS: Final = 10_000
#: A record that spans more lines than this has lost a closing quote.
MAX_LINES_PER_RECORD: Final = 50
MAX_PHONES: Final = 10
MAX_EMAILS: Final = 5
MAX_FINDINGS_PER_ROW: Final = 20
MAX_PROFILE_BYTES: Final = 256 * 1024
MAX_EXPRESSION_DEPTH: Final = 12
