// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {IDealQueue} from "../../contracts/deals/interfaces/IDealQueue.sol";
import {DealState, Reveal} from "../../contracts/deals/types/Deals.sol";
import {DealId} from "../../contracts/shared/types/Ids.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev The rules of territories and of open programmes.
contract TerritoriesTest is DealWorld {
    bytes32 private constant TAG = "customer";
    address private _one = address(0x1111);
    address private _two = address(0x2222);

    function setUp() public override {
        super.setUp();
        _openProgrammeOf(vendor, 2, Rule.Territory);
        _join(_one);
        _join(_two);
    }

    function _termsWith(address account) internal view override returns (Terms memory terms) {
        terms = super._termsWith(account);
        terms.territories = new bytes32[](2);
        (terms.territories[0], terms.territories[1]) = ("AT", "DE");
    }

    function _registerIn(address account, bytes32 territory, bytes32 salt) private returns (DealId) {
        Reveal memory reveal = _revealOf(account, TAG);
        (reveal.territory, reveal.salt) = (territory, salt);
        _commit(reveal);
        return _reveal(reveal);
    }

    function _registerIn(address account, bytes32 territory) private returns (DealId) {
        return _registerIn(account, territory, territory);
    }

    function _earlier(DealId deal, DealId other) private {
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.EarlierDeal.selector, deal, other));
    }

    function test_territory_aDealKeepsOthersOffInItsOwnOnly() public {
        DealId first = _registerIn(_one, "AT");
        DealId second = _registerIn(_two, "AT");
        DealId elsewhere = _registerIn(_two, "DE");
        vm.assertEq(deals.territoryOf(first), bytes32("AT"));
        vm.assertTrue(deals.dealOf(first).rule == Rule.Territory);
        _waitForReveals();
        _earlier(second, first);
        _decide(second, DealState.Approved);
        _decide(elsewhere, DealState.Approved);
        _decide(first, DealState.Approved);
        _earlier(second, first);
        _decide(second, DealState.Approved);
        _decide(elsewhere, DealState.Won);
        _decide(first, DealState.Won);
    }

    function test_territory_namesTheRivalInItsOwnOnly() public {
        DealId first = _registerIn(_one, "AT");
        assertSame(_rivalOf(_two, "DE"), bytes32(0));
        assertSame(_rivalOf(_two, "AT"), first);
    }

    function _rivalOf(address account, bytes32 territory) private returns (DealId rival) {
        Reveal memory reveal = _revealOf(account, TAG);
        (reveal.territory, reveal.salt) = (territory, territory);
        _commit(reveal);
        vm.recordLogs();
        _reveal(reveal);
        (,,,, rival,,,) = abi.decode(
            vm.getRecordedLogs()[0].data, (bytes32, uint32, bytes32, bytes32, DealId, uint40, uint64, bytes24)
        );
    }

    function test_reveal_revertsWithAlreadyRegistered_inTheSameTerritoryOnly() public {
        DealId first = _registerIn(_one, "AT");
        _registerIn(_one, "DE");
        Reveal memory reveal = _revealOf(_one, TAG);
        (reveal.territory, reveal.salt) = ("AT", "again");
        DealId again = _commit(reveal);
        vm.expectRevert(abi.encodeWithSelector(IDealQueue.AlreadyRegistered.selector, again, first));
        _reveal(reveal);
    }

    function _territoryInvalid(Reveal memory reveal) private {
        _commit(reveal);
        Opening memory opening = _openingOf(reveal.account);
        vm.expectRevert(
            abi.encodeWithSelector(IDealIntake.TerritoryInvalid.selector, reveal.agreement, reveal.territory)
        );
        vm.prank(reveal.account);
        deals.reveal(reveal, opening);
    }

    function test_reveal_revertsWithTerritoryInvalid() public {
        Reveal memory reveal = _revealOf(_one, TAG);
        _territoryInvalid(reveal);
        (reveal.territory, reveal.salt) = ("CH", "other");
        _territoryInvalid(reveal);
    }

    function test_reveal_revertsWithTerritoryInvalid_underARuleWithoutThem() public {
        _openProgrammeOf(vendor, 3, Rule.FirstRegistered);
        _join(_one);
        Reveal memory reveal = _revealOf(_one, TAG);
        reveal.territory = "AT";
        _territoryInvalid(reveal);
    }

    // -- the open rule -------------------------------------------------------------------------------------------------

    function test_open_nothingBlocksAndRivalsAreNamed() public {
        _openProgrammeOf(vendor, 3, Rule.Open);
        _join(_one);
        _join(_two);
        DealId first = _register(_one, TAG);
        assertSame(_rivalOf(_two, 0), first);
        Reveal memory reveal = _revealOf(_two, TAG);
        reveal.salt = 0;
        DealId second = deals.dealId(reveal);
        _waitForReveals();
        _decide(second, DealState.Approved);
        _decide(first, DealState.Approved);
        _decide(second, DealState.Won);
        _decide(first, DealState.Won);
        _is(first, DealState.Won);
    }
}
