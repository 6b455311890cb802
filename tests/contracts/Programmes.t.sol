// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {IProgrammes} from "../../contracts/agreements/interfaces/IProgrammes.sol";
import {Rule, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {ProgrammeId} from "../../contracts/shared/types/Ids.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

contract ProgrammesTest is World {
    address private _owner = address(0xACC);

    function _create(uint96 number, string memory name, Rule rule) private returns (ProgrammeId) {
        vm.prank(_owner);
        return agreements.createProgramme(_owner, number, name, rule);
    }

    function test_createProgramme_opensTheFirstEpoch() public {
        ProgrammeId programme = _create(7, "Resellers", Rule.FirstRegistered);
        (Rule rule, uint32 epoch, uint40 openedAt, uint40 graceUntil) = agreements.programmeOf(programme);
        vm.assertTrue(rule == Rule.FirstRegistered);
        vm.assertEq(uint256(epoch), 1);
        vm.assertEq(uint256(openedAt), START);
        vm.assertEq(uint256(graceUntil), 0);
        assertSame(programme, bytes32((uint256(uint160(_owner)) << 96) | 7));
        assertSame(programme, agreements.programmeId(_owner, 7));
    }

    function test_createProgramme_revertsWithNotTheWallet() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _owner, stranger));
        vm.prank(stranger);
        agreements.createProgramme(_owner, 7, "Resellers", Rule.FirstRegistered);
    }

    function test_createProgramme_revertsWithProgrammeExists() public {
        ProgrammeId programme = _create(7, "Resellers", Rule.FirstRegistered);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.ProgrammeExists.selector, programme));
        _create(7, "Other", Rule.FirstRegistered);
    }

    /// @dev A programme's id holds its owner, so nobody takes it ahead of the owner.
    function test_attack_idSquatting_ofAProgramme() public {
        vm.prank(stranger);
        ProgrammeId squatted = agreements.createProgramme(stranger, 7, "Resellers", Rule.FirstRegistered);
        vm.assertFalse(_create(7, "Resellers", Rule.FirstRegistered) == squatted);
    }

    function test_createProgramme_revertsWithNameInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.NameInvalid.selector, 0));
        _create(7, "", Rule.FirstRegistered);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.NameInvalid.selector, 101));
        _create(7, string(new bytes(101)), Rule.FirstRegistered);
    }

    function test_createProgramme_ofEachRule() public {
        Rule[3] memory rules = [Rule.FirstRegistered, Rule.Territory, Rule.Open];
        for (uint96 i; i < 3; ++i) {
            (Rule rule,,,) = agreements.programmeOf(_create(i, "Resellers", rules[i]));
            vm.assertTrue(rule == rules[i]);
        }
    }

    function test_createProgramme_revertsWithRuleInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.RuleInvalid.selector));
        _create(7, "Resellers", Rule.None);
    }

    function test_activate_revertsWithProgrammeOwnerNotAParty() public {
        Terms memory terms = _terms(_partners(2));
        terms.programme = _create(7, "Resellers", Rule.FirstRegistered);
        vm.expectRevert(abi.encodeWithSelector(IActivation.ProgrammeOwnerNotAParty.selector, terms.programme, _owner));
        agreements.activate(terms, _nobody(terms));
    }
}
