// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Payee, Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Portion, Share} from "../../contracts/revenue/types/Books.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {bound, Vm, vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

contract ClaimTest is World {
    address private _payer = address(0xACC);
    address[] private _parties;
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _parties = _accounts(_partners(3));
        _agreement = _agree(_split());
        _fund(_payer, type(uint128).max);
    }

    /// @dev 60%, 30% and 10%.
    function _split() private view returns (Terms memory) {
        uint64[] memory weights = new uint64[](3);
        (weights[0], weights[1], weights[2]) = (0.6e18, 0.3e18, 0.1e18);
        return _terms(_parties, _payees(_parties, weights));
    }

    function _shareOf(uint256 payee) private view returns (Share memory) {
        return Plans.share(_split(), _agreement, payee);
    }

    function _claim(uint256 payee) private returns (uint256) {
        return ledger.claim(_parties[payee], address(dollar), _shareOf(payee));
    }

    function _refusedShare(uint256 payee, Share memory share) private {
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.ShareInvalid.selector, share.agreement, _parties[payee]));
        ledger.claim(_parties[payee], address(dollar), share);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.ShareInvalid.selector, share.agreement, _parties[payee]));
        ledger.claimAcross(_parties[payee], address(dollar), _only(share));
    }

    function test_claim_paysWhatWasEarnedAndNotYetClaimed() public {
        _pay(_payer, _agreement, 1000, "ref");
        vm.assertEq(_claim(0), 600);
        _pay(_payer, _agreement, 500, "ref 2");
        vm.assertEq(_claim(0), 300);
        vm.assertEq(_claim(1), 450);
        vm.assertEq(_claim(2), 150);
        vm.assertEq(dollar.balanceOf(_parties[0]), 900);
        vm.assertEq(dollar.balanceOf(address(ledger)), 0);
        vm.assertEq(ledger.claimedOf(_agreement, address(dollar), 0, _parties[0]), 900);
    }

    function test_claim_byAnyonePaysTheAccountsWallet() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share memory share = _shareOf(1);
        vm.prank(stranger);
        ledger.claim(_parties[1], address(dollar), share);
        vm.assertEq(dollar.balanceOf(_parties[1]), 300);
        vm.assertEq(dollar.balanceOf(stranger), 0);
    }

    function test_claimableOf_isWhatAClaimPays() public {
        vm.assertEq(ledger.claimableOf(_parties[0], address(dollar), _shareOf(0)), 0);
        _pay(_payer, _agreement, 1000, "ref");
        vm.assertEq(ledger.claimableOf(_parties[0], address(dollar), _shareOf(0)), 600);
        _claim(0);
        vm.assertEq(ledger.claimableOf(_parties[0], address(dollar), _shareOf(0)), 0);
    }

    function test_claimAcross_agreementsInOneTransfer() public {
        Share[] memory shares = new Share[](5);
        for (uint256 i; i < 5; ++i) {
            Terms memory terms = _split();
            terms.salt = bytes32(i + 1);
            AgreementId agreement = _agree(terms);
            shares[i] = Plans.share(terms, agreement, 0);
            if (i != 2) _pay(_payer, agreement, 1000 * (i + 1), bytes32(i + 1));
        }
        _pay(_payer, shares[2].agreement, 1000, "claimed before");
        ledger.claim(_parties[0], address(dollar), shares[2]);
        vm.recordLogs();
        // The third has nothing to claim any more and is passed over.
        vm.assertEq(ledger.claimAcross(_parties[0], address(dollar), shares), 600 * (1 + 2 + 4 + 5));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1 + 1, "one entry and one transfer");
        vm.assertEq(logs[0].topics[0], IClaims.ClaimedAcross.selector);
        vm.assertEq(logs[0].topics[1], bytes32(uint256(uint160(_parties[0]))));
        vm.assertEq(logs[0].topics[2], bytes32(uint256(uint160(address(dollar)))));
        (address recipient, Portion[] memory portions) = abi.decode(logs[0].data, (address, Portion[]));
        vm.assertEq(recipient, _parties[0]);
        vm.assertEq(portions.length, 4);
        vm.assertEq(AgreementId.unwrap(portions[2].agreement), AgreementId.unwrap(shares[3].agreement));
        vm.assertEq(portions[2].amount, 600 * 4);
        vm.assertEq(dollar.balanceOf(_parties[0]), 600 * (1 + 2 + 4 + 5) + 600);
    }

    function test_claimAcross_sameAgreementTwicePaysOnce() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share[] memory shares = new Share[](2);
        (shares[0], shares[1]) = (_shareOf(0), _shareOf(0));
        vm.recordLogs();
        vm.assertEq(ledger.claimAcross(_parties[0], address(dollar), shares), 600);
        vm.assertEq(vm.getRecordedLogs()[0].topics[0], IClaims.Claimed.selector, "of one share as a claim tells");
    }

    function test_claim_revertsWithNothingToClaim() public {
        Share[] memory shares = _only(_shareOf(0));
        bytes memory why = abi.encodeWithSelector(IClaims.NothingToClaim.selector, _parties[0]);
        vm.expectRevert(why);
        ledger.claim(_parties[0], address(dollar), shares[0]);
        vm.expectRevert(why);
        ledger.claimAcross(_parties[0], address(dollar), shares);
        vm.expectRevert(why);
        ledger.claimAcross(_parties[0], address(dollar), new Share[](0));
        _pay(_payer, _agreement, 1, "ref");
        vm.expectRevert(why);
        ledger.claimAcross(_parties[0], address(dollar), shares);
    }

    // -- proofs ------------------------------------------------------------------------------------------------------

    function test_claim_revertsWithShareInvalid_forAnotherPayeesShare() public {
        _pay(_payer, _agreement, 1000, "ref");
        _refusedShare(2, _shareOf(0));
    }

    function test_claim_revertsWithShareInvalid_forTamperedWeights() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share memory share = _shareOf(2);
        share.weights[0] += 1;
        _refusedShare(2, share);
        share.weights = new uint64[](2);
        (share.weights[0], share.weights[1]) = (0.1e18, 0.1e18);
        _refusedShare(2, share);
    }

    /// @dev A list of the one unbounded tranche and an empty list say the same.
    function test_claim_theSingleTrancheMayBeLeftOut() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share memory share = _shareOf(0);
        vm.assertEq(share.tranches.length, 0);
        vm.assertEq(ledger.claimableOf(_parties[0], address(dollar), share), 600);
        share.tranches = _split().tranches;
        vm.assertEq(ledger.claim(_parties[0], address(dollar), share), 600);
    }

    function test_claim_revertsWithShareInvalid_forTamperedTranches() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share memory share = _shareOf(0);
        share.tranches = _split().tranches;
        share.tranches[0].upTo -= 1;
        _refusedShare(0, share);
        share.tranches[0].upTo += 1;
        share.tranches[0].periodSeconds = 1;
        _refusedShare(0, share);
        share.tranches = new Tranche[](2);
        _refusedShare(0, share);
    }

    function test_claim_revertsWithShareInvalid_forATamperedProof() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share memory share = _shareOf(0);
        share.proof[0] = ~share.proof[0];
        _refusedShare(0, share);
        share.proof = new bytes32[](0);
        _refusedShare(0, share);
    }

    function test_claim_revertsWithShareInvalid_forTamperedConditions() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share memory share = _shareOf(0);
        share.conditionsHash = "other";
        _refusedShare(0, share);
    }

    function test_claim_revertsWithShareInvalid_underAnotherAgreement() public {
        Terms memory terms = _split();
        (terms.payees[0].weights[0], terms.payees[1].weights[0]) = (0.3e18, 0.6e18);
        AgreementId other = _agree(terms);
        _pay(_payer, other, 1000, "ref");
        Share memory share = _shareOf(0);
        share.agreement = other;
        _refusedShare(0, share);
        share.agreement = AgreementId.wrap("none");
        _refusedShare(0, share);
    }

    function test_claimableOf_revertsWithShareInvalid() public {
        Share memory share = _shareOf(0);
        share.weights[0] += 1;
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.ShareInvalid.selector, _agreement, _parties[0]));
        ledger.claimableOf(_parties[0], address(dollar), share);
    }

    /// @dev Every payee of a list of any length can prove its share, and nobody else's weight.
    function testFuzz_claim_anyPayeeOfAnyListProvesItsShare(uint256 count, uint256 index) public {
        count = bound(count, 1, 40);
        index = bound(index, 0, count - 1);
        address[] memory accounts = new address[](count);
        for (uint256 i; i < count; ++i) {
            accounts[i] = address(uint160(0x1000 + i));
        }
        Terms memory terms = _terms(_parties, _equalShares(accounts));
        AgreementId agreement = _agree(terms);
        _pay(_payer, agreement, 1e18, "ref");
        Share memory share = Plans.share(terms, agreement, index);
        vm.assertEq(ledger.claimAcross(accounts[index], address(dollar), _only(share)), terms.payees[index].weights[0]);
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.ShareInvalid.selector, agreement, stranger));
        ledger.claimAcross(stranger, address(dollar), _only(share));
    }

    // -- claimTo -----------------------------------------------------------------------------------------------------

    function test_claimTo_paysTheRecipientOfTheAccountsChoice() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share[] memory shares = _only(_shareOf(0));
        vm.prank(_parties[0]);
        vm.assertEq(ledger.claimTo(_parties[0], stranger, address(dollar), shares), 600);
        vm.assertEq(dollar.balanceOf(stranger), 600);
        vm.assertEq(ledger.claimedOf(_agreement, address(dollar), 0, _parties[0]), 600);
    }

    function test_claimTo_revertsWithNotTheWallet() public {
        Share[] memory shares = _only(_shareOf(0));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _parties[0], stranger));
        vm.prank(stranger);
        ledger.claimTo(_parties[0], stranger, address(dollar), shares);
    }

    function test_claimTo_revertsWithRecipientInvalid() public {
        _pay(_payer, _agreement, 1000, "ref");
        Share[] memory shares = _only(_shareOf(0));
        address[2] memory recipients = [address(0), address(ledger)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IClaims.RecipientInvalid.selector));
            vm.prank(_parties[0]);
            ledger.claimTo(_parties[0], recipients[i], address(dollar), shares);
        }
    }

    // -- money of one agreement and another --------------------------------------------------------------------------

    function test_conservation_agreementsShareNoMoney() public {
        Terms memory terms = _split();
        terms.salt = "other";
        AgreementId other = _agree(terms);
        _pay(_payer, _agreement, 1000, "ref");
        vm.assertEq(ledger.claimableOf(_parties[0], address(dollar), Plans.share(terms, other, 0)), 0);
        vm.assertEq(_claim(0), 600);
        _pay(_payer, other, 10, "ref 2");
        vm.assertEq(ledger.claimableOf(_parties[0], address(dollar), _shareOf(0)), 0);
    }

    /// @dev A thousand tiny payments, claimed one by one, against one big payment.
    function test_attack_aThousandTinyPaymentsAgainstOneBigOne() public {
        for (uint256 i; i < 1000; ++i) {
            _pay(_payer, _agreement, 1, bytes32(i));
            if (i % 10 == 1) _claim(0);
        }
        _claim(0);
        _claim(1);
        _claim(2);
        vm.assertEq(dollar.balanceOf(_parties[0]), 600);
        vm.assertEq(dollar.balanceOf(_parties[1]), 300);
        vm.assertEq(dollar.balanceOf(_parties[2]), 100);
    }

    /// @dev Whatever the order of payments and claims, each payee ends with what one big payment would have earned.
    function testFuzz_conservation_theOrderOfPaymentsAndClaimsDoesNotMatter(
        uint256 seed,
        uint128[12] memory amounts,
        uint64[2] memory cuts
    ) public {
        Terms memory terms = _split();
        uint256 first = bound(cuts[0], 0, 1e18);
        uint256 second = bound(cuts[1], 0, 1e18 - first);
        _setWeights(terms.payees, first, second);
        terms.salt = "fuzzed";
        AgreementId agreement = _agree(terms);
        uint256 total;
        for (uint256 i; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 1, type(uint128).max / 16);
            _pay(_payer, agreement, amount, bytes32(i));
            total += amount;
            seed = uint256(keccak256(abi.encode(seed)));
            if (seed % 3 != 0) _claimIfAny(terms, agreement, seed % 5 % 3);
        }
        uint256 paidOut;
        for (uint256 i; i < 3; ++i) {
            _claimIfAny(terms, agreement, i);
            uint256 earned = total * terms.payees[i].weights[0] / 1e18;
            vm.assertEq(dollar.balanceOf(_parties[i]), earned);
            paidOut += earned;
        }
        vm.assertLt(total - paidOut, 3, "carry");
        vm.assertEq(dollar.balanceOf(address(ledger)), total - paidOut);
    }

    function _setWeights(Payee[] memory payees, uint256 first, uint256 second) private pure {
        payees[0].weights[0] = uint64(first);
        payees[1].weights[0] = uint64(second);
        payees[2].weights[0] = uint64(1e18 - first - second);
    }

    function _claimIfAny(Terms memory terms, AgreementId agreement, uint256 payee) private {
        Share memory share = Plans.share(terms, agreement, payee);
        if (ledger.claimableOf(_parties[payee], address(dollar), share) == 0) return;
        ledger.claimAcross(_parties[payee], address(dollar), _only(share));
    }
}
