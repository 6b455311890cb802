// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAgreementRegistry} from "../../contracts/interfaces/IAgreementRegistry.sol";
import {NATIVE_COIN, Payee, Terms, Tranche} from "../../contracts/types/Terms.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// @dev What the terms ask for is looked at before who accepted them, so hardly anybody signs here.
contract TermsRulesTest is World {
    function _ordinary() private view returns (Terms memory) {
        return _terms(_partners(3));
    }

    function _refused(Terms memory terms, bytes memory why) private {
        vm.expectRevert(why);
        agreements.activate(terms, _nobody(terms));
    }

    function _notAvailable(Terms memory terms, string memory field) private {
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.FieldNotAvailable.selector, field));
    }

    function _notAscending(Terms memory terms, string memory field, uint256 index) private {
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.NotAscending.selector, field, index));
    }

    function _manyAccounts(uint256 count) private pure returns (address[] memory accounts) {
        accounts = new address[](count);
        for (uint256 i; i < count; ++i) {
            accounts[i] = address(uint160(i + 1));
        }
    }

    // -- fields of later versions ------------------------------------------------------------------------------------

    function test_activate_revertsWithFieldNotAvailable_tranches() public {
        Terms memory terms = _ordinary();
        terms.tranches = new Tranche[](2);
        terms.tranches[0].upTo = 1000;
        terms.tranches[1].upTo = type(uint256).max;
        for (uint256 i; i < terms.payees.length; ++i) {
            uint64 weight = terms.payees[i].weights[0];
            terms.payees[i].weights = new uint64[](2);
            (terms.payees[i].weights[0], terms.payees[i].weights[1]) = (weight, weight);
        }
        _notAvailable(terms, "tranches");
    }

    function test_activate_revertsWithFieldNotAvailable_periodSeconds() public {
        Terms memory terms = _ordinary();
        terms.tranches[0].periodSeconds = 1;
        _notAvailable(terms, "periodSeconds");
    }

    function test_activate_revertsWithFieldNotAvailable_listRoot() public {
        Terms memory terms = _ordinary();
        terms.listRoot = "x";
        _notAvailable(terms, "listRoot");
    }

    function test_activate_revertsWithFieldNotAvailable_listHash() public {
        Terms memory terms = _ordinary();
        terms.listHash = "x";
        _notAvailable(terms, "listHash");
    }

    function test_activate_revertsWithFieldNotAvailable_listCount() public {
        Terms memory terms = _ordinary();
        terms.listCount = 1;
        _notAvailable(terms, "listCount");
    }

    function test_activate_revertsWithFieldNotAvailable_territories() public {
        Terms memory terms = _ordinary();
        terms.territories = new bytes32[](1);
        _notAvailable(terms, "territories");
    }

    function test_activate_revertsWithFieldNotAvailable_holdSeconds() public {
        Terms memory terms = _ordinary();
        terms.holdSeconds = 1;
        _notAvailable(terms, "holdSeconds");
    }

    function test_activate_revertsWithFieldNotAvailable_clawback() public {
        Terms memory terms = _ordinary();
        terms.clawback = 1;
        _notAvailable(terms, "clawback");
    }

    function test_activate_revertsWithFieldNotAvailable_arbiter() public {
        Terms memory terms = _ordinary();
        terms.arbiter = stranger;
        _notAvailable(terms, "arbiter");
    }

    function test_activate_revertsWithFieldNotAvailable_noticeSeconds() public {
        Terms memory terms = _ordinary();
        terms.noticeSeconds = 1;
        _notAvailable(terms, "noticeSeconds");
    }

    function test_activate_revertsWithFieldNotAvailable_afterEnd() public {
        Terms memory terms = _ordinary();
        terms.afterEnd = 1;
        _notAvailable(terms, "afterEnd");
    }

    function test_activate_revertsWithFieldNotAvailable_predecessor() public {
        Terms memory terms = _ordinary();
        terms.predecessor = "x";
        _notAvailable(terms, "predecessor");
    }

    function test_activate_revertsWithFieldNotAvailable_nativeCoin() public {
        Terms memory terms = _ordinary();
        terms.tokens[0] = NATIVE_COIN;
        for (uint256 i; i < terms.parties.length; ++i) {
            vm.prank(terms.parties[i]);
            agreements.accept(terms.parties[i], terms);
        }
        _notAvailable(terms, "native coin");
    }

    // -- parties -----------------------------------------------------------------------------------------------------

    function test_activate_revertsWithPartiesInvalid() public {
        Terms memory terms = _ordinary();
        terms.parties = new address[](0);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.PartiesInvalid.selector, 0));
        terms.parties = _manyAccounts(101);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.PartiesInvalid.selector, 101));
    }

    function test_activate_revertsWithNotAscending_parties() public {
        Terms memory terms = _ordinary();
        (terms.parties[1], terms.parties[2]) = (terms.parties[2], terms.parties[1]);
        _notAscending(terms, "parties", 2);
        terms.parties[2] = terms.parties[1];
        _notAscending(terms, "parties", 2);
        terms.parties[0] = address(0);
        _notAscending(terms, "parties", 0);
    }

    // -- payees and weights ------------------------------------------------------------------------------------------

    function test_activate_revertsWithPayeesInvalid() public {
        Terms memory terms = _ordinary();
        terms.payees = new Payee[](0);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.PayeesInvalid.selector, 0));
    }

    function test_activate_revertsWithPayeesInvalid_forOneTooMany() public {
        Terms memory terms = _ordinary();
        terms.payees = _equalShares(_manyAccounts(MAX_PAYEES));
        vm.assertTrue(_agree(terms) != 0);
        terms.payees = _equalShares(_manyAccounts(MAX_PAYEES + 1));
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.PayeesInvalid.selector, MAX_PAYEES + 1));
    }

    function test_activate_revertsWithNotAscending_payees() public {
        Terms memory terms = _ordinary();
        (terms.payees[0], terms.payees[1]) = (terms.payees[1], terms.payees[0]);
        _notAscending(terms, "payees", 1);
        terms.payees[1].account = terms.payees[0].account;
        _notAscending(terms, "payees", 1);
        terms.payees[0].account = address(0);
        _notAscending(terms, "payees", 0);
    }

    function test_activate_revertsWithWeightCountWrong() public {
        Terms memory terms = _ordinary();
        address account = terms.payees[1].account;
        terms.payees[1].weights = new uint64[](2);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.WeightCountWrong.selector, account, 2, 1));
        terms.payees[1].weights = new uint64[](0);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.WeightCountWrong.selector, account, 0, 1));
    }

    function test_activate_revertsWithWeightsDoNotSum() public {
        Terms memory terms = _ordinary();
        terms.payees[1].weights[0] += 1;
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.WeightsDoNotSum.selector, 0, 1e18 + 1));
        terms.payees[1].weights[0] -= 2;
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.WeightsDoNotSum.selector, 0, 1e18 - 1));
    }

    function test_activate_revertsWithWeightsDoNotSum_whenTheSumWouldWrap() public {
        Terms memory terms = _ordinary();
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            terms.payees[i].weights[0] = type(uint64).max;
            sum += type(uint64).max;
        }
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.WeightsDoNotSum.selector, 0, sum));
    }

    function test_activate_revertsWithTranchesInvalid() public {
        Terms memory terms = _ordinary();
        terms.tranches[0].upTo = type(uint256).max - 1;
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.TranchesInvalid.selector));
        terms.tranches = new Tranche[](0);
        for (uint256 i; i < terms.payees.length; ++i) {
            terms.payees[i].weights = new uint64[](0);
        }
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.TranchesInvalid.selector));
    }

    // -- tokens, validity, document ----------------------------------------------------------------------------------

    function test_activate_revertsWithTokensInvalid() public {
        Terms memory terms = _ordinary();
        terms.tokens = new address[](0);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.TokensInvalid.selector, 0));
        terms.tokens = _manyAccounts(17);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.TokensInvalid.selector, 17));
    }

    function test_activate_revertsWithNotAscending_tokens() public {
        Terms memory terms = _ordinary();
        terms.tokens = new address[](2);
        _notAscending(terms, "tokens", 0);
        terms.tokens[0] = terms.tokens[1] = address(dollar);
        _notAscending(terms, "tokens", 1);
    }

    function test_activate_revertsWithValidityInvalid() public {
        Terms memory terms = _ordinary();
        (terms.validFrom, terms.validUntil) = (START + 2, START + 1);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.ValidityInvalid.selector, START + 2, START + 1));
        (terms.validFrom, terms.validUntil) = (START - 2, START - 1);
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.ValidityInvalid.selector, START - 2, START - 1));
    }

    function test_activate_takesTermsOnTheirLastSecond() public {
        Terms memory terms = _ordinary();
        terms.validUntil = START;
        vm.assertTrue(_agree(terms) != 0);
    }

    function test_activate_revertsWithUriTooLong() public {
        Terms memory terms = _ordinary();
        terms.uri = string(new bytes(301));
        _refused(terms, abi.encodeWithSelector(IAgreementRegistry.UriTooLong.selector, 301));
    }

    function test_activate_takesEverythingAtItsLimit() public {
        Terms memory terms = _ordinary();
        terms.parties = _manyAccounts(100);
        terms.tokens = _manyAccounts(16);
        terms.uri = string(new bytes(300));
        bytes32 agreement = _agree(terms);
        for (uint256 i; i < 16; ++i) {
            vm.assertTrue(agreements.newBookOf(agreement, terms.tokens[i]).exists());
        }
    }
}
