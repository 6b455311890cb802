// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice, Payment, Permit} from "../../contracts/revenue/types/Payments.sol";
import {WholePlan} from "../../contracts/revenue/types/WholePlan.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {
    BlacklistToken,
    FalseToken,
    ChargingToken,
    FeeToken,
    HookToken,
    InflatingToken,
    NoReturnToken,
    RebasingToken
} from "./support/HostileTokens.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";
import {ContractWallet} from "./support/Wallets.sol";
import {World} from "./support/World.sol";

/// @dev An agreement of two equal payees that takes the dollar and one token that misbehaves.
contract HostileTokensTest is World {
    address private _payer = address(0xACC);
    address[] private _parties;
    address private _token;
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _parties = _accounts(_partners(2));
        _fund(_payer, 1_000_000e6);
    }

    function _split() private view returns (Terms memory terms) {
        terms = _terms(_parties, _equalShares(_parties));
        terms.tokens = _pair(address(dollar), _token);
    }

    /// @dev Mints the token to the payer, and puts an agreement in force that takes it.
    function _accept(address token) private {
        _token = token;
        _agreement = _agree(_split());
        _fundIn(token);
    }

    function _fundIn(address token) private {
        (bool minted,) = token.call(abi.encodeWithSignature("mint(address,uint256)", _payer, uint256(1_000_000)));
        vm.prank(_payer);
        (bool approved,) = token.call(abi.encodeWithSignature("approve(address,uint256)", ledger, type(uint256).max));
        minted;
        approved;
    }

    function _payIn(address token, uint256 amount, bytes32 invoiceRef) private {
        vm.prank(_payer);
        ledger.pay(_agreement, token, _invoice(amount, invoiceRef));
    }

    function _payOneBatch(uint256 amount) private {
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](1));
        bundles[0].invoices[0] = _invoice(amount, "batch");
        vm.prank(_payer);
        ledger.payBatch(_token, bundles);
    }

    function _claimIn(address token, uint256 payee) private returns (uint256) {
        return ledger.claimAcross(_parties[payee], token, _shares(payee));
    }

    function _shares(uint256 payee) private view returns (Share[] memory) {
        return _only(_share(_split(), payee));
    }

    function _released() private view returns (uint256) {
        return ledger.bookOf(_agreement, _token).released;
    }

    // -- fees --------------------------------------------------------------------------------------------------------

    function test_feeOnTransfer_aPaymentCreditsWhatArrived() public {
        _accept(address(new FeeToken()));
        _payIn(_token, 10_000, "ref");
        vm.assertEq(_released(), 9900);
        vm.assertEq(_claimIn(_token, 0), 4950);
        vm.assertEq(_claimIn(_token, 1), 4950);
        vm.assertEq(FeeToken(_token).balanceOf(address(ledger)), 0);
    }

    function test_feeOnTransfer_aBatchRevertsWithReceivedOther() public {
        _accept(address(new FeeToken()));
        vm.expectRevert(abi.encodeWithSelector(IPayments.ReceivedOther.selector, 10_000, 9900));
        _payOneBatch(10_000);
    }

    // -- return values -----------------------------------------------------------------------------------------------

    function test_falseReturning_aPaymentReverts() public {
        _accept(address(new FalseToken()));
        bytes memory why = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, _token);
        vm.expectRevert(why);
        _payIn(_token, 100, "ref");
        vm.expectRevert(why);
        _payOneBatch(100);
    }

    function test_noReturn_worksLikeAnyOther() public {
        _accept(address(new NoReturnToken()));
        _payIn(_token, 100, "ref");
        _payOneBatch(100);
        vm.assertEq(_claimIn(_token, 0), 100);
        vm.assertEq(NoReturnToken(_token).balanceOf(_parties[0]), 100);
    }

    function test_noCode_aPaymentReverts() public {
        _accept(address(0xC0DE));
        vm.expectRevert(abi.encodeWithSelector(IPayments.BalanceUnknown.selector, _token));
        _payIn(_token, 100, "ref");
    }

    // -- blacklists --------------------------------------------------------------------------------------------------

    function test_oneBadPartyHarmsOnlyItself_aBlacklistedPayeeBlocksNobody() public {
        _accept(address(new BlacklistToken()));
        BlacklistToken(_token).blacklist(_parties[0]);
        _payIn(_token, 100, "ref");
        Share[] memory shares = _shares(0);
        vm.expectRevert(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, _parties[0]));
        ledger.claimAcross(_parties[0], _token, shares);
        vm.assertEq(_claimIn(_token, 1), 50);
        _payIn(_token, 100, "ref 2");
        vm.assertEq(_claimIn(_token, 1), 50);
        // Nor is its money lost: it names another recipient.
        vm.prank(_parties[0]);
        vm.assertEq(ledger.claimTo(_parties[0], stranger, _token, shares), 100);
    }

    function test_oneBadPartyHarmsOnlyItself_aFrozenTokenBlocksNoOther() public {
        _accept(address(new BlacklistToken()));
        _payIn(_token, 100, "ref");
        _payIn(address(dollar), 100, "ref 2");
        BlacklistToken(_token).blacklist(address(ledger));
        Share[] memory shares = _shares(0);
        vm.expectRevert(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, address(ledger)));
        ledger.claimAcross(_parties[0], _token, shares);
        vm.assertEq(_claimIn(address(dollar), 0), 50);
    }

    // -- reentrancy --------------------------------------------------------------------------------------------------

    /// @dev Runs a payment and a claim with the call in their middle, and expects the lock to stop it both times.
    function _locked(bytes memory call) private {
        HookToken hook = HookToken(_token);
        hook.hook(address(ledger), call);
        uint256 calls = hook.calls();
        _payIn(_token, 100, keccak256(call));
        _expectLocked(hook);
        _claimIn(_token, 0);
        _expectLocked(hook);
        vm.assertEq(hook.calls(), calls + 2);
    }

    function _expectLocked(HookToken hook) private view {
        vm.assertFalse(hook.succeeded());
        bytes4 why = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        vm.assertEq(keccak256(hook.answer()), keccak256(abi.encodeWithSelector(why)));
    }

    function test_reentrancy_fromATokenIntoEveryMoneyFunction() public {
        _accept(address(new HookToken()));
        address account = _parties[0];
        Authorization memory none = _unsigned(1);
        Bundle[] memory bundles = new Bundle[](0);
        Share[] memory shares = _shares(0);
        Invoice memory invoice = _invoice(1, "inner");
        _locked(abi.encodeCall(ledger.pay, (_agreement, _token, invoice)));
        _locked(abi.encodeCall(ledger.payWithAuthorization, (account, _agreement, _token, invoice, none)));
        _locked(abi.encodeCall(ledger.payBatch, (_token, bundles)));
        _locked(abi.encodeCall(ledger.payBatchWithAuthorization, (account, _token, bundles, none)));
        _locked(abi.encodeCall(ledger.claim, (account, _token, shares[0])));
        _locked(abi.encodeCall(ledger.claim, (_parties[1], address(dollar), shares[0])));
        _locked(abi.encodeCall(ledger.claimAcross, (account, _token, shares)));
        _locked(abi.encodeCall(ledger.claimTo, (_token, _token, _token, shares)));
        _locked(abi.encodeCall(ledger.claimToWithAuthorization, (account, _token, _token, shares, none)));
    }

    function test_attack_reentrancyFromATokenIntoRefundsRulingsAndDebts() public {
        _accept(address(new HookToken()));
        address account = _parties[0];
        Authorization memory none = _unsigned(1);
        Payment memory payment;
        Permit memory permit;
        Invoice memory invoice = _invoice(1, "inner");
        Opening memory opening = Plans.opening(_terms(_partners(2)));
        _locked(abi.encodeCall(ledger.payWithPermit, (_agreement, _token, invoice, permit)));
        _locked(
            abi.encodeCall(ledger.payWithAuthorizationAndPermit, (account, _agreement, _token, invoice, none, permit))
        );
        _locked(abi.encodeCall(ledger.mature, (_agreement, _token, 1)));
        _locked(abi.encodeCall(ledger.refund, (payment, 1)));
        _locked(abi.encodeCall(ledger.refundWithAuthorization, (account, payment, account, 1, none)));
        _locked(abi.encodeCall(ledger.refundTo, (payment, account, 1)));
        _locked(abi.encodeCall(ledger.payRefundTo, (payment, account)));
        _locked(abi.encodeCall(ledger.payRefundWithAuthorization, (account, payment, account, none)));
        _locked(abi.encodeCall(ledger.payDebtTo, (_agreement, _token, 1, account)));
        _locked(abi.encodeCall(ledger.payDebtWithAuthorization, (account, _agreement, _token, 1, account, none)));
        _locked(abi.encodeCall(ledger.dispute, (account, payment, "reason", opening)));
        _locked(abi.encodeCall(ledger.disputeWithAuthorization, (account, payment, "reason", opening, none)));
        _locked(abi.encodeCall(ledger.rule, (account, payment, 1, "reason", opening)));
        _locked(abi.encodeCall(ledger.ruleWithAuthorization, (account, payment, 1, "reason", opening, none)));
        _locked(abi.encodeCall(ledger.dropDispute, (payment)));
        _locked(abi.encodeCall(ledger.payRefund, (payment)));
        _locked(abi.encodeCall(ledger.ruleClawback, (account, payment, 1, "reason", opening)));
        _locked(abi.encodeCall(ledger.ruleClawbackWithAuthorization, (account, payment, 1, "reason", opening, none)));
        Authorization[] memory nobodys = new Authorization[](0);
        WholePlan memory plan;
        _locked(abi.encodeCall(ledger.clawBackByConsent, (payment, 1, plan, nobodys)));
        _locked(abi.encodeCall(ledger.clawbackGathered, (0)));
        _locked(abi.encodeCall(ledger.payDebt, (_agreement, _token, 1)));
        _locked(abi.encodeCall(ledger.endBook, (_agreement, _token, START)));
    }

    /// @dev A token that is an arbiter ends the agreement in the middle of a payment: the lock keeps the book as it was
    /// read, and the ending is undone.
    function test_attack_reentrancyFromATokenThroughTheAgreementRegistry() public {
        HookToken token = new HookToken();
        Terms memory terms = _terms(_partners(2));
        terms.tokens[0] = address(token);
        terms.arbiter = address(token);
        (_token, _agreement) = (address(token), _agree(terms));
        _fundIn(address(token));
        _payIn(_token, 100, "first");
        Opening memory opening = Plans.opening(terms);
        uint40 now_ = uint40(block.timestamp);
        token.hook(
            address(agreements), abi.encodeCall(agreements.ruleEnd, (address(token), _agreement, now_, "r", opening))
        );
        _payIn(_token, 100, "ref");
        vm.assertFalse(token.succeeded());
        vm.assertEq(uint256(ledger.bookOf(_agreement, _token).validUntil), uint256(OPEN_ENDED));
        vm.assertEq(uint256(agreements.standingOf(_agreement).endsAt), 0);
    }

    /// @dev A contract wallet whose owner is another by the middle of its batch has signed the batch all the same: it is
    /// paid whole, and nothing that comes after.
    function test_attack_ownerFlippedInsideABatch() public {
        _accept(address(new HookToken()));
        ContractWallet wallet = new ContractWallet(stranger, ContractWallet.Mode.Credulous);
        HookToken(_token).mint(address(wallet), 1000);
        vm.prank(address(wallet));
        HookToken(_token).approve(address(ledger), 1000);
        HookToken(_token).hook(address(wallet), abi.encodeCall(ContractWallet.become, (ContractWallet.Mode.WrongMagic)));
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0] = Bundle(_agreement, new Invoice[](2));
        bundles[0].invoices[0] = _invoice(100, "a");
        bundles[0].invoices[1] = _invoice(200, "b");
        Authorization memory signed = _unsigned(1);
        signed.signature = hex"01";
        ledger.payBatchWithAuthorization(address(wallet), _token, bundles, signed);
        vm.assertEq(_released(), 300);
        bundles[0].invoices[0].invoiceRef = "c";
        bundles[0].invoices[1].invoiceRef = "d";
        signed.nonce = 2;
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, address(wallet), address(wallet))
        );
        ledger.payBatchWithAuthorization(address(wallet), _token, bundles, signed);
    }

    function test_reentrancy_readOnly() public {
        _accept(address(new HookToken()));
        _locked(abi.encodeCall(ledger.bookOf, (_agreement, _token)));
        _locked(abi.encodeCall(ledger.releasedIn, (_agreement, _token, 0)));
        _locked(abi.encodeCall(ledger.heldUntil, (_agreement, _token, 0)));
        _locked(abi.encodeCall(ledger.claimableOf, (_parties[0], _token, _shares(0)[0])));
        _locked(abi.encodeCall(ledger.claimedOf, (_agreement, _token, 0, _parties[0])));
        _locked(abi.encodeCall(ledger.paymentOf, (_parties[0], "ref")));
        _locked(abi.encodeCall(ledger.refundDue, (_parties[0], "ref")));
        _locked(abi.encodeCall(ledger.debtOf, (_agreement, _token, 1)));
        _locked(abi.encodeCall(ledger.depositsPaused, ()));
    }

    // -- balances that move by themselves ----------------------------------------------------------------------------

    function test_rebasing_aGainIsNobodysAndALossStaysInItsToken() public {
        _accept(address(new RebasingToken()));
        _payIn(_token, 1000, "ref");
        _payIn(address(dollar), 1000, "ref 2");
        RebasingToken(_token).rebase(200);
        vm.assertEq(_released(), 1000);
        vm.assertEq(_claimIn(_token, 0), 500);
        RebasingToken(_token).rebase(50);
        // 375 are left of the 500 that are owed: the default token list refuses such tokens, and this is why.
        vm.assertEq(RebasingToken(_token).balanceOf(address(ledger)), 375);
        Share[] memory shares = _shares(1);
        vm.expectRevert();
        ledger.claimAcross(_parties[1], _token, shares);
        vm.assertEq(_claimIn(address(dollar), 1), 500);
    }

    /// @dev A token that charges who sends it, on top of what is sent: what a payout costs the ledger beyond its amount is
    /// missing to those who are paid last in that token, and to nobody else.
    function test_chargingTheSender_theLossStaysInItsToken() public {
        _accept(address(new ChargingToken()));
        _payIn(_token, 1000, "ref");
        _payIn(address(dollar), 1000, "ref 2");
        vm.assertEq(_released(), 1000);
        vm.assertEq(_claimIn(_token, 0), 500);
        // 495 are left of the 500 that are owed, and to pay 495 would take 4 more.
        vm.assertEq(ChargingToken(_token).balanceOf(address(ledger)), 495);
        Share[] memory shares = _shares(1);
        vm.expectRevert();
        ledger.claimAcross(_parties[1], _token, shares);
        vm.assertEq(_claimIn(address(dollar), 1), 500);
        // Whoever makes up for what is missing frees the rest.
        ChargingToken(_token).mint(address(ledger), 10);
        vm.assertEq(ledger.claimAcross(_parties[1], _token, shares), 500);
    }

    function test_inflating_aBalanceBeyondTheLimitReverts() public {
        uint256 gain = uint256(type(uint128).max) + 1;
        _accept(address(new InflatingToken(gain)));
        vm.expectRevert(abi.encodeWithSelector(IPayments.AmountInvalid.selector, bytes32("ref"), gain));
        _payIn(_token, 1, "ref");
    }

    function test_inflating_harmsTheBookOfItsOwnTokenOnly() public {
        _accept(address(new InflatingToken(1e30)));
        _payIn(_token, 1, "ref");
        _payIn(address(dollar), 100, "ref 2");
        vm.assertEq(_released(), 1e30);
        vm.assertEq(uint256(ledger.bookOf(_agreement, address(dollar)).released), 100);
        vm.assertEq(_claimIn(address(dollar), 0), 50);
        vm.assertEq(_claimIn(address(dollar), 1), 50);
    }
}
