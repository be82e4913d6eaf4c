"""Reading a portfolio file: bytes → rows → typed records, by a profile. Knows no Django."""
