"""Bands of revenue in the composer, on a phone: the first recoups, then others share."""

import pytest
from ledger_world import DAY, World
from playwright.sync_api import Page, ViewportSize, expect
from wallet_browser import Console, least_contrast, overflows

from ledger.indexer.run import indexing
from ledger.intake.amounts import AmountAmbiguous, to_base_units
from ledger.store.database import Database
from ledger.terms.agreement import UNBOUNDED, Tranche

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}


def test_bands_are_added_drawn_removed_and_signed(
    page: Page, console: Console, world: World, database: Database
) -> None:
    investor, studio = world.partner("Investor"), world.partner("Studio")
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    page.set_viewport_size(PHONE)
    page.goto("/drafts/new")
    accounts, limits = page.get_by_label("Account"), page.get_by_label("up to a total of")
    picture, submit = page.locator(".bands > li"), page.get_by_role("button", name="Make the signing link")
    add = page.get_by_role("button", name="Add a band")
    shares = page.get_by_label("Share in %")
    for place, (partner, share) in enumerate(((investor, "50"), (studio, "50"))):
        accounts.nth(place).fill(partner.account)
        shares.nth(place).fill(share)
    expect(page.get_by_label("the count starts anew")).to_be_hidden()

    add.click()
    expect(limits).to_be_focused()
    page.keyboard.type("10000")
    add.click()
    add.click()
    limits.nth(1).fill("50000.5")
    limits.nth(2).fill("7")
    page.get_by_role("button", name="Remove this band").nth(2).click()
    expect(page.get_by_text("Band 3: all revenue above that, without limit.")).to_be_visible()
    for band, parts in enumerate((("100", "0"), ("70", "20")), start=1):
        for place, share in enumerate(parts):
            page.get_by_label(f"Share in % of band {band}").nth(place).fill(share)
    expect(page.get_by_role("status")).to_have_text("Band 2: 10 % is still to be given out.")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("The shares of band 2 add up to 90 %")
    page.get_by_label("Share in % of band 2").nth(1).fill("30")
    expect(page.get_by_role("status")).to_have_text("The shares add up to exactly 100 %.")
    expect(picture).to_have_count(3)
    expect(picture.nth(0)).to_contain_text("Band 1: up to 10,000 tUSD")
    expect(picture.nth(0).get_by_role("listitem")).to_have_text(["Investor100 %"])
    expect(picture.nth(1)).to_contain_text("Band 2: above 10,000 tUSD, up to 50,000.5 tUSD")
    expect(picture.nth(1).get_by_role("listitem")).to_have_text(["Investor70 %", "Studio30 %"])
    expect(picture.nth(2)).to_contain_text("Band 3: above 50,000.5 tUSD")
    colours = (
        picture.nth(1).locator(".bar rect").evaluate_all("all => all.map((each) => each.className.baseVal)")
    )
    assert colours == ["share-1", "share-2"]
    assert not overflows(page)
    assert least_contrast(page) >= 4.5

    limits.nth(1).fill("10000")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Each band ends at a higher total than the one before it."
    )
    expect(limits.nth(1)).to_be_focused()
    limits.nth(1).fill("50000.0000001")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("at most 6 decimals")
    limits.nth(1).fill("50.000")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("50.000 is 50000 for some and 50.0000 for others")
    limits.nth(1).fill("50.000,5")
    page.get_by_label("the count starts anew").fill("365")
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("Say from which day it is in force")
    page.get_by_label("In force from").fill("2030-01-01")
    submit.click()
    expect(page.get_by_role("heading", name="0 of 2 parties have signed")).to_be_visible()
    says = page.get_by_role("region", name="What it says")
    for sentence in (
        "Of the first revenue, up to 10,000.00 tUSD in total, Investor",
        "Of revenue above 10,000.00 tUSD in total, up to 50,000.50 tUSD, Studio",
        "Of revenue above 50,000.50 tUSD in total, without limit, Studio",
        "starts anew every 365 days, counted from 1 January 2030",
    ):
        expect(says).to_contain_text(sentence)
    expect(picture.nth(0).get_by_role("listitem")).to_have_text(["Investor100 %"])
    assert not overflows(page)
    assert console.complaints == []


AMOUNTS = """
    0 12 12.5 12,50 1.234 1,234 0.123 12.345 1234.567 1,234.50 1.234,50 1.234.567 1'234.5 12,34,567.0 1.2340
    1.2345678 1,23,4 0,123,456 1.234.56 1..2 .5 5. -5 1e3 $5 1.234,567.8 1,234,5 007 1'234,567
"""


def test_the_composer_reads_amounts_as_everything_else_does(page: Page) -> None:
    texts = [
        *AMOUNTS.split(),
        "1 234",
        "1\u202f234,5",
        "1\u2019234.50",
        "1 234 567",
        "12 34",
        "1  234",
        " 5 ",
        "",
    ]
    page.goto("/drafts/new")
    read = page.evaluate(
        """async (texts) => {
            const { textOf, twoReadings, unitsOf } = await import("/static/amounts.js");
            return texts.map((text) => {
                const units = unitsOf(text, 6);
                const shown = units === null ? null : textOf(units, 6);
                return [units?.toString() ?? null, twoReadings(text), shown];
            });
        }""",
        texts,
    )
    for text, (units, two, shown) in zip(texts, read, strict=True):
        try:
            expected = to_base_units(text.strip(), 6)
        except ValueError as why:
            assert units is None, text
            assert (two is not None) == isinstance(why, AmountAmbiguous), text
        else:
            if expected >= 0:  # the composer has nothing below zero
                assert (int(units), two, to_base_units(shown, 6)) == (expected, None, expected), text


def test_an_amendment_begins_with_the_bands_that_are_in_force(page: Page, world: World) -> None:
    investor, studio = world.partner("Investor"), world.partner("Studio")
    agreement = world.agreement(
        [investor, studio],
        {investor: [1, 0.25], studio: [0, 0.75]},
        tranches=(Tranche(1_234_500_000, 30 * DAY), Tranche(UNBOUNDED, 30 * DAY)),
        valid_from=world.node.timestamp(),
    )
    page.goto(f"/drafts/new?amends=0x{agreement.id.hex()}")
    expect(page.get_by_label("up to a total of")).to_have_value("1234.5")
    expect(page.get_by_label("the count starts anew")).to_have_value("30")
    found = {
        each.get_by_label("Account").input_value(): [
            share.input_value() for share in each.get_by_label("Share in %").all()
        ]
        for each in page.locator(".party-row").all()
    }
    assert found == {investor.account: ["100", "25"], studio.account: ["0", "75"]}
