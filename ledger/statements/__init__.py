"""Reading bank statements: MT940, MT942 and camt.052, 053, 054. Pure; nothing is taken in here."""
