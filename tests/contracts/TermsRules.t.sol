// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {NATIVE_COIN, Payee, Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {PackedBook} from "../../contracts/revenue/types/PackedBook.sol";
import {AgreementId, NO_AGREEMENT} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";
import {assertSame} from "./support/SameId.sol";
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
        _refused(terms, abi.encodeWithSelector(IActivation.FieldNotAvailable.selector, field));
    }

    function _notAscending(Terms memory terms, string memory field, uint256 index) private {
        _refused(terms, abi.encodeWithSelector(IActivation.NotAscending.selector, field, index));
    }

    function _manyAccounts(uint256 count) private pure returns (address[] memory accounts) {
        accounts = new address[](count);
        for (uint256 i; i < count; ++i) {
            accounts[i] = address(uint160(i + 1));
        }
    }

    // -- fields of later versions ------------------------------------------------------------------------------------

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

    // -- tranches ----------------------------------------------------------------------------------------------------

    /// @dev Tranches with these boundaries, the last one unbounded; each payee's weight is the same in all of them.
    function _withTranches(Terms memory terms, uint256[] memory boundaries, uint32 periodSeconds) private pure {
        uint256 count = boundaries.length + 1;
        terms.tranches = new Tranche[](count);
        for (uint256 k; k < count; ++k) {
            terms.tranches[k] = Tranche(k + 1 < count ? boundaries[k] : type(uint256).max, periodSeconds);
        }
        for (uint256 i; i < terms.payees.length; ++i) {
            uint64 weight = terms.payees[i].weights[0];
            terms.payees[i].weights = new uint64[](count);
            for (uint256 k; k < count; ++k) {
                terms.payees[i].weights[k] = weight;
            }
        }
    }

    function _boundaries(uint256 one, uint256 two) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (one, two);
    }

    function _tranchesInvalid(Terms memory terms) private {
        _refused(terms, abi.encodeWithSelector(IActivation.TranchesInvalid.selector));
    }

    function test_activate_takesTranchesWithPeriods() public {
        Terms memory terms = _ordinary();
        _withTranches(terms, _boundaries(1000, 5000), 30 days);
        PackedBook book = agreements.newBookOf(_agree(terms), address(dollar));
        vm.assertEq(book.periodDays(), 30);
    }

    function test_activate_revertsWithTranchesInvalid_whenTheLastIsBoundedOrThereIsNone() public {
        Terms memory terms = _ordinary();
        terms.tranches[0].upTo = type(uint256).max - 1;
        _tranchesInvalid(terms);
        terms.tranches = new Tranche[](0);
        for (uint256 i; i < terms.payees.length; ++i) {
            terms.payees[i].weights = new uint64[](0);
        }
        _tranchesInvalid(terms);
    }

    function test_activate_revertsWithTranchesInvalid_whenBoundariesDoNotAscend() public {
        Terms memory terms = _ordinary();
        _withTranches(terms, _boundaries(1000, 1000), 0);
        _tranchesInvalid(terms);
        terms.tranches[1].upTo = 999;
        _tranchesInvalid(terms);
        (terms.tranches[0].upTo, terms.tranches[1].upTo) = (0, 1000);
        _tranchesInvalid(terms);
        terms.tranches[1].upTo = type(uint256).max;
        _tranchesInvalid(terms);
    }

    function test_activate_revertsWithTranchesInvalid_forPeriodsOfPartDaysOrThatDiffer() public {
        Terms memory terms = _ordinary();
        terms.tranches[0].periodSeconds = 1 days + 1;
        _tranchesInvalid(terms);
        _withTranches(terms, _boundaries(1000, 5000), 30 days);
        terms.tranches[2].periodSeconds = 31 days;
        _tranchesInvalid(terms);
        terms.tranches[2].periodSeconds = 0;
        _tranchesInvalid(terms);
    }

    function test_activate_revertsWithTranchesInvalid_forOneTooMany() public {
        Terms memory terms = _ordinary();
        uint256[] memory boundaries = new uint256[](16);
        for (uint256 k; k < 16; ++k) {
            boundaries[k] = k + 1;
        }
        _withTranches(terms, boundaries, 0);
        _tranchesInvalid(terms);
    }

    // -- hold, clawback, arbiter, notice, after the end ----------------------------------------------------------------

    function test_activate_takesWhatIsHeldClawedBackRuledOnAndGivenNoticeOf() public {
        Terms memory terms = _ordinary();
        (terms.holdSeconds, terms.clawback, terms.noticeSeconds, terms.afterEnd) = (3650 days, 1, 1, 2);
        terms.arbiter = stranger;
        AgreementId agreement = _agree(terms);
        PackedBook book = agreements.newBookOf(agreement, address(dollar));
        vm.assertEq(book.holdDays(), 3650);
        vm.assertEq(book.clawback(), 1);
        assertSame(agreement, Plans.id(terms, address(agreements)));
    }

    function test_activate_revertsWithHoldInvalid() public {
        Terms memory terms = _ordinary();
        uint32[3] memory holds = [uint32(1), 1 days + 1, 3651 days];
        for (uint256 i; i < 3; ++i) {
            terms.holdSeconds = holds[i];
            _refused(terms, abi.encodeWithSelector(IActivation.HoldInvalid.selector, holds[i]));
        }
    }

    function test_activate_revertsWithClawbackInvalid() public {
        Terms memory terms = _ordinary();
        // Nothing to inherit without a predecessor; and no meaning beyond the two.
        uint8[4] memory clawbacks = [uint8(2), 3, 4, 255];
        for (uint256 i; i < 4; ++i) {
            terms.clawback = clawbacks[i];
            _refused(terms, abi.encodeWithSelector(IActivation.ClawbackInvalid.selector, clawbacks[i]));
        }
    }

    function test_activate_revertsWithAfterEndInvalid() public {
        Terms memory terms = _ordinary();
        terms.afterEnd = 3;
        _refused(terms, abi.encodeWithSelector(IActivation.AfterEndInvalid.selector, 3));
    }

    function test_activate_revertsWithPredecessorInvalid() public {
        Terms memory terms = _ordinary();
        terms.predecessor = AgreementId.wrap("x");
        _refused(terms, abi.encodeWithSelector(IActivation.PredecessorInvalid.selector, bytes32("x")));
    }

    // -- territories -------------------------------------------------------------------------------------------------

    function test_activate_revertsWithTerritoriesInvalid() public {
        Terms memory terms = _ordinary();
        terms.territories = new bytes32[](65);
        _refused(terms, abi.encodeWithSelector(IActivation.TerritoriesInvalid.selector, 65));
    }

    function test_activate_revertsWithNotAscending_territories() public {
        Terms memory terms = _ordinary();
        terms.territories = new bytes32[](2);
        _notAscending(terms, "territories", 0);
        (terms.territories[0], terms.territories[1]) = ("DE", "AT");
        _notAscending(terms, "territories", 1);
        terms.territories[0] = "AT";
        _notAscending(terms, "territories", 1);
    }

    // -- parties -----------------------------------------------------------------------------------------------------

    function test_activate_revertsWithPartiesInvalid() public {
        Terms memory terms = _ordinary();
        terms.parties = new address[](0);
        _refused(terms, abi.encodeWithSelector(IActivation.PartiesInvalid.selector, 0));
        terms.parties = _manyAccounts(101);
        _refused(terms, abi.encodeWithSelector(IActivation.PartiesInvalid.selector, 101));
    }

    function test_attack_duplicatePartyAndUnsortedList() public {
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
        _refused(terms, abi.encodeWithSelector(IActivation.PayeesInvalid.selector, 0));
    }

    function test_attack_1001Payees() public {
        Terms memory terms = _ordinary();
        terms.payees = _equalShares(_manyAccounts(MAX_PAYEES));
        vm.assertTrue(_agree(terms) != NO_AGREEMENT);
        terms.payees = _equalShares(_manyAccounts(MAX_PAYEES + 1));
        _refused(terms, abi.encodeWithSelector(IActivation.PayeesInvalid.selector, MAX_PAYEES + 1));
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
        _refused(terms, abi.encodeWithSelector(IActivation.WeightCountWrong.selector, account, 2, 1));
        terms.payees[1].weights = new uint64[](0);
        _refused(terms, abi.encodeWithSelector(IActivation.WeightCountWrong.selector, account, 0, 1));
    }

    function test_attack_weightsThatDoNotSum_offByOneUnit() public {
        Terms memory terms = _ordinary();
        terms.payees[1].weights[0] += 1;
        _refused(terms, abi.encodeWithSelector(IActivation.WeightsDoNotSum.selector, 0, 1e18 + 1));
        terms.payees[1].weights[0] -= 2;
        _refused(terms, abi.encodeWithSelector(IActivation.WeightsDoNotSum.selector, 0, 1e18 - 1));
    }

    function test_attack_weightsThatDoNotSum_wrappingAround() public {
        Terms memory terms = _ordinary();
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            terms.payees[i].weights[0] = type(uint64).max;
            sum += type(uint64).max;
        }
        _refused(terms, abi.encodeWithSelector(IActivation.WeightsDoNotSum.selector, 0, sum));
    }

    // -- tokens, validity, document ----------------------------------------------------------------------------------

    /// @dev A token need not be there yet; as long as it is not, payments in it revert.
    function test_badInput_activate_takesATokenThatIsNoContract() public {
        Terms memory terms = _ordinary();
        terms.tokens[0] = address(0xDEAD);
        AgreementId agreement = _agree(terms);
        vm.expectRevert(abi.encodeWithSelector(IPayments.BalanceUnknown.selector, address(0xDEAD)));
        ledger.pay(agreement, address(0xDEAD), _invoice(1000, "ref"));
    }

    function test_activate_takesTheChainsOwnCoin() public {
        Terms memory terms = _ordinary();
        terms.tokens[0] = NATIVE_COIN;
        vm.assertTrue(agreements.newBookOf(_agree(terms), NATIVE_COIN).exists());
    }

    function test_activate_revertsWithTokensInvalid() public {
        Terms memory terms = _ordinary();
        terms.tokens = new address[](0);
        _refused(terms, abi.encodeWithSelector(IActivation.TokensInvalid.selector, 0));
        terms.tokens = _manyAccounts(17);
        _refused(terms, abi.encodeWithSelector(IActivation.TokensInvalid.selector, 17));
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
        _refused(terms, abi.encodeWithSelector(IActivation.ValidityInvalid.selector, START + 2, START + 1));
        (terms.validFrom, terms.validUntil) = (START - 2, START - 1);
        _refused(terms, abi.encodeWithSelector(IActivation.ValidityInvalid.selector, START - 2, START - 1));
    }

    function test_activate_takesTermsOnTheirLastSecond() public {
        Terms memory terms = _ordinary();
        terms.validUntil = START;
        vm.assertTrue(_agree(terms) != NO_AGREEMENT);
    }

    function test_activate_revertsWithUriTooLong() public {
        Terms memory terms = _ordinary();
        terms.uri = string(new bytes(301));
        _refused(terms, abi.encodeWithSelector(IActivation.UriTooLong.selector, 301));
    }

    function test_activate_takesEverythingAtItsLimit() public {
        Terms memory terms = _ordinary();
        terms.parties = _manyAccounts(100);
        terms.tokens = _manyAccounts(16);
        terms.uri = string(new bytes(300));
        terms.territories = new bytes32[](64);
        for (uint256 i; i < 64; ++i) {
            terms.territories[i] = bytes32(i + 1);
        }
        uint256[] memory boundaries = new uint256[](15);
        for (uint256 k; k < 15; ++k) {
            boundaries[k] = k + 1;
        }
        _withTranches(terms, boundaries, 49_710 days);
        AgreementId agreement = _agree(terms);
        for (uint256 i; i < 16; ++i) {
            vm.assertEq(agreements.newBookOf(agreement, terms.tokens[i]).periodDays(), 49_710);
        }
    }

    /// @dev L-4 of an audit: nobody could ever take their shares.
    function test_attack_ourOwnContractsAreNoPayees() public {
        address[3] memory ours = [address(ledger), address(agreements), address(partners)];
        for (uint256 i; i < 3; ++i) {
            Terms memory terms = _ordinary();
            terms.payees = _equalShares(_pair(terms.parties[0], ours[i]));
            _refused(terms, abi.encodeWithSelector(IActivation.PayeeRefused.selector, ours[i]));
        }
    }
}
