"""Drafts of agreements: terms that collect their parties' signatures until they are put in force."""
