// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../../contracts/deals/interfaces/IDealRegistry.sol";
import {Opening, Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealWorld} from "./support/DealWorld.sol";
import {vm} from "./support/Vm.sol";

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

    function _registerIn(address account, bytes32 territory, bytes32 salt) private returns (bytes32) {
        IDealRegistry.Reveal memory reveal = _revealOf(account, TAG);
        (reveal.territory, reveal.salt) = (territory, salt);
        _commit(reveal);
        return _reveal(reveal);
    }

    function _registerIn(address account, bytes32 territory) private returns (bytes32) {
        return _registerIn(account, territory, territory);
    }

    function _earlier(bytes32 deal, bytes32 other) private {
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.EarlierDeal.selector, deal, other));
    }

    function test_territory_aDealKeepsOthersOffInItsOwnOnly() public {
        bytes32 first = _registerIn(_one, "AT");
        bytes32 second = _registerIn(_two, "AT");
        bytes32 elsewhere = _registerIn(_two, "DE");
        vm.assertEq(deals.territoryOf(first), bytes32("AT"));
        vm.assertTrue(deals.dealOf(first).rule == Rule.Territory);
        _waitForReveals();
        _earlier(second, first);
        _decide(second, IDealRegistry.State.Approved);
        _decide(elsewhere, IDealRegistry.State.Approved);
        _decide(first, IDealRegistry.State.Approved);
        _earlier(second, first);
        _decide(second, IDealRegistry.State.Approved);
        _decide(elsewhere, IDealRegistry.State.Won);
        _decide(first, IDealRegistry.State.Won);
    }

    function test_territory_namesTheRivalInItsOwnOnly() public {
        bytes32 first = _registerIn(_one, "AT");
        vm.assertEq(_rivalOf(_two, "DE"), bytes32(0));
        vm.assertEq(_rivalOf(_two, "AT"), first);
    }

    function _rivalOf(address account, bytes32 territory) private returns (bytes32 rival) {
        IDealRegistry.Reveal memory reveal = _revealOf(account, TAG);
        (reveal.territory, reveal.salt) = (territory, territory);
        _commit(reveal);
        vm.recordLogs();
        _reveal(reveal);
        (,,,,, rival,,,) = abi.decode(
            vm.getRecordedLogs()[0].data, (bytes32, uint32, bytes32, bytes32, uint64, bytes32, uint40, uint64, bytes24)
        );
    }

    function test_reveal_revertsWithAlreadyRegistered_inTheSameTerritoryOnly() public {
        bytes32 first = _registerIn(_one, "AT");
        _registerIn(_one, "DE");
        IDealRegistry.Reveal memory reveal = _revealOf(_one, TAG);
        (reveal.territory, reveal.salt) = ("AT", "again");
        bytes32 again = _commit(reveal);
        vm.expectRevert(abi.encodeWithSelector(IDealRegistry.AlreadyRegistered.selector, again, first));
        _reveal(reveal);
    }

    function _territoryInvalid(IDealRegistry.Reveal memory reveal) private {
        _commit(reveal);
        Opening memory opening = _openingOf(reveal.account);
        vm.expectRevert(
            abi.encodeWithSelector(IDealRegistry.TerritoryInvalid.selector, reveal.agreement, reveal.territory)
        );
        vm.prank(reveal.account);
        deals.reveal(reveal, opening);
    }

    function test_reveal_revertsWithTerritoryInvalid() public {
        IDealRegistry.Reveal memory reveal = _revealOf(_one, TAG);
        _territoryInvalid(reveal);
        (reveal.territory, reveal.salt) = ("CH", "other");
        _territoryInvalid(reveal);
    }

    function test_reveal_revertsWithTerritoryInvalid_underARuleWithoutThem() public {
        _openProgrammeOf(vendor, 3, Rule.FirstRegistered);
        _join(_one);
        IDealRegistry.Reveal memory reveal = _revealOf(_one, TAG);
        reveal.territory = "AT";
        _territoryInvalid(reveal);
    }

    // -- the open rule -------------------------------------------------------------------------------------------------

    function test_open_nothingBlocksAndRivalsAreNamed() public {
        _openProgrammeOf(vendor, 3, Rule.Open);
        _join(_one);
        _join(_two);
        bytes32 first = _register(_one, TAG);
        vm.assertEq(_rivalOf(_two, 0), first);
        IDealRegistry.Reveal memory reveal = _revealOf(_two, TAG);
        reveal.salt = 0;
        bytes32 second = deals.dealId(reveal);
        _waitForReveals();
        _decide(second, IDealRegistry.State.Approved);
        _decide(first, IDealRegistry.State.Approved);
        _decide(second, IDealRegistry.State.Won);
        _decide(first, IDealRegistry.State.Won);
        _is(first, IDealRegistry.State.Won);
    }
}
