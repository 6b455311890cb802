"""What many share or what fills a field names no customer; what is a customer's own does."""

import pytest

from ledger.intake.customers import identify


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://www.linkedin.com/company/acme-works", "linkedin.com has pages of many"),
        ("https://de.linkedin.com/company/acme", "linkedin.com has pages of many"),
        ("linkedin.com", "if the customer is linkedin.com itself, name it under opportunities.own_hosts"),
        ("facebook.com/acme", "has pages of many"),
        ("https://sites.google.com/view/acme", "google.com has pages of many"),
        ("acme.github.io", "github.io has pages of many"),
        ("acme.wixsite.com/home", "wixsite.com has pages of many"),
        ("acme.notion.site", "notion.site has pages of many"),
        ("HTTPS://WWW.Facebook.COM./acme", "facebook.com has pages of many"),
        ("\uff46acebook.com", "facebook.com has pages of many"),
        ("jane@gmail.com", "gmail.com gives addresses to everybody"),
        ("mailto:jane@gmail.com", "'mailto:jane@gmail.com'"),
        ("gmx.de", "gmx.de gives addresses to everybody"),
        ("jo@mail.gmx.de", "gmx.de gives addresses"),
        ("omar@outlook.com", "outlook.com gives addresses"),
        ("N.A.", "'N.A.' only fills the field"),
        ("n/a", "only fills the field"),
        ("#N/A", "only fills the field"),
        ("-", "only fills the field"),
        ("–", "only fills the field"),
        (".", "only fills the field"),
        ("?", "only fills the field"),
        ("None", "only fills the field"),
        ("(none)", "only fills the field"),
        ("unknown", "only fills the field"),
        ("TEST", "only fills the field"),
        ("http://", "only fills the field"),
        ("https://www.", "not a domain"),
        ("no website", "only fills the field"),
        ("localhost", "only fills the field"),
        ("http://localhost:3000", "not a domain"),
        ("www.example.com", "only fills the field"),
        ("test@test.com", "only fills the field"),
        ("crm.acme.local", "only fills the field"),
        ("co.uk", "what names are registered under"),
        ("192.168.0.1", "not a domain"),
    ],
)
def test_what_is_not_a_customers_own_names_none(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        identify("domain", text)
    assert reason in str(refused.value)
    assert text.strip() in str(refused.value)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.acme.example/about", "acme.example"),
        ("info@acme.example", "acme.example"),
        ("linkedin.com.acme.example", "linkedin.com.acme.example"),
        ("notgmail.com", "notgmail.com"),
        ("max.com", "max.com"),
        ("test.ing", "test.ing"),
        ("na.no", "na.no"),
        ("acme.co.uk", "acme.co.uk"),
        ("none-such.example", "none-such.example"),
    ],
)
def test_a_customers_own_host_names_it(text: str, host: str) -> None:
    assert identify("domain", text) == host


def test_the_company_behind_a_shared_host_can_be_a_customer_its_pages_not() -> None:
    assert identify("domain", "https://www.google.com/", ["google.com"]) == "google.com"
    for text in ("google.com/maps/acme", "sites.google.com", "jane@google.com"):
        with pytest.raises(ValueError, match=r"google\.com"):
            identify("domain", text, ["google.com"])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("vat", "DE999999999"),
        ("vat", "DE123456789"),
        ("vat", "n/a"),
        ("register", "DE:HRB00000"),
        ("register", "unbekannt"),
        ("lei", "TBD"),
        ("lei", "00000000000000000000"),
    ],
)
def test_a_made_up_number_names_no_customer(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        identify(kind, text)


def test_a_register_number_of_equal_digits_is_one() -> None:
    assert identify("register", "DE:RA000242:HRB 1111") == "DE:RA000242:HRB1111"
