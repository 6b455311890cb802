// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IDealRegistry} from "../../../contracts/interfaces/IDealRegistry.sol";
import {IRevenueLedger} from "../../../contracts/interfaces/IRevenueLedger.sol";
import {Authorization} from "../../../contracts/types/Authorization.sol";
import {Opening, Terms} from "../../../contracts/types/Terms.sol";
import {Ecosystem} from "./Ecosystem.sol";
import {FeeToken} from "./HostileTokens.sol";
import {MoneyTypedData} from "./MoneyTypedData.sol";
import {Plans} from "./Plans.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title What partners, payers, the arbiter and the consortium may do in any order
/// @dev After each action the contracts' new log entries are taken into their recomputed journals. What money is where is
/// counted here from the actions alone.
contract Handler is Ecosystem {
    IRevenueLedger.Payment[] internal _payments;

    /// @notice What the ledger's balance grew by in payments to a version.
    mapping(uint256 version => mapping(address token => uint256)) public received;
    /// @notice What payers have, or can have, back of it.
    mapping(uint256 version => mapping(address token => uint256)) public refunded;
    /// @notice Of that, what rulings gave back and was not paid out.
    mapping(address token => uint256) public refundsDue;
    /// @notice What debts were paid out.
    mapping(address token => uint256) public debtsPaid;
    /// @notice What was sent to the ledger without a payment.
    mapping(address token => uint256) public donated;
    /// @notice What payers have parted with by their own actions, less what came back.
    mapping(address payer => mapping(address token => int256)) public spent;

    // -- money in ----------------------------------------------------------------------------------------------------

    function pay(uint256 who, uint256 which, uint256 token, uint256 amount, uint256 deal) external journaled {
        // Now and then to a version that was amended: for a deal won before, or in vain.
        uint256 version = deal % 4 == 0 ? which % _versions.length : _newest[which % PEOPLE];
        IRevenueLedger.Invoice memory invoice = _newInvoice(amount);
        if (deal % 8 < 2) invoice.deal = _wonUnder(_versions[version].agreement, deal);
        _payOne(who % PAYERS, version, tokenAt(token), invoice, deal % 3 == 0);
    }

    function payBatch(uint256 who, uint256 which, uint256 token, uint256 amount) external journaled {
        address paid = tokenAt(token % 2); // a batch refuses the token that takes a fee
        address payer = _payers[who % PAYERS].account;
        IRevenueLedger.Bundle[] memory bundles = new IRevenueLedger.Bundle[](2);
        for (uint256 i; i < 2; ++i) {
            uint256 version = _newest[(which % PEOPLE + i) % PEOPLE];
            bundles[i].agreement = _versions[version].agreement;
            bundles[i].invoices = new IRevenueLedger.Invoice[](1 + i);
            for (uint256 k; k <= i; ++k) {
                bundles[i].invoices[k] = _newInvoice(amount + k);
                _noteIn(payer, version, paid, bundles[i].invoices[k], bundles[i].invoices[k].amount);
            }
        }
        vm.prank(payer);
        ledger.payBatch(paid, bundles);
    }

    function donate(uint256 token, uint256 amount) external journaled {
        FeeToken(tokenAt(token)).mint(address(ledger), amount % 1e24);
        donated[tokenAt(token)] += amount % 1e24;
    }

    // -- money out ---------------------------------------------------------------------------------------------------

    function claim(uint256 which, uint256 payee, uint256 token, uint256 period) external journaled {
        uint256 version = which % _versions.length;
        _claim(version, payee % payeesOf(version), period % periodsOf(version), tokenAt(token));
    }

    function claimAcross(uint256 payee, uint256 token, uint256 to) external journaled {
        Partner memory owed = _people[payee % PEOPLE];
        IRevenueLedger.Share[] memory shares = _sharesOf(owed.account);
        address paid = tokenAt(token);
        if (to % 3 == 0) {
            ledger.claimAcross(owed.account, paid, shares);
        } else if (to % 3 == 1) {
            vm.prank(owed.account);
            ledger.claimTo(owed.account, stranger, paid, shares);
        } else {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = MoneyTypedData.claimTo(owed.account, stranger, paid, shares, signed.nonce, signed.deadline);
            signed.signature = _signature(owed.key, TypedData.digest(address(ledger), action));
            ledger.claimToWithAuthorization(owed.account, stranger, paid, shares, signed);
        }
    }

    function refund(uint256 which, uint256 amount) external journaled {
        IRevenueLedger.Payment storage payment = _paymentAt(which);
        uint256 part = 1 + amount % (payment.amount - payment.refunded);
        vm.prank(payment.payer);
        ledger.refund(payment, part);
        _noteBack(payment, part);
        _notePaidOut(payment.payer, payment.token, part);
    }

    function dispute(uint256 which) external journaled {
        IRevenueLedger.Payment storage payment = _paymentAt(which);
        uint256 version = _versionOf(payment.agreement);
        address party = _people[_versions[version].partner].account;
        Opening memory opening = Plans.opening(_termsOf(version));
        vm.prank(party);
        ledger.dispute(party, payment, "reason", opening);
        payment.disputedAt = uint40(block.timestamp);
    }

    function rule(uint256 which, uint256 amount) external journaled {
        IRevenueLedger.Payment storage payment = _paymentAt(which);
        uint256 part = amount % (payment.amount - payment.refunded + 1);
        Opening memory opening = Plans.opening(_termsOf(_versionOf(payment.agreement)));
        vm.prank(_arbiter);
        ledger.rule(_arbiter, payment, part, "reason", opening);
        payment.disputedAt = 0;
        _noteBack(payment, part);
        refundsDue[payment.token] += part;
    }

    function clawBack(uint256 which, uint256 amount) external journaled {
        IRevenueLedger.Payment storage payment = _paymentAt(which);
        uint256 part = 1 + amount % (payment.amount - payment.refunded);
        Opening memory opening = Plans.opening(_termsOf(_versionOf(payment.agreement)));
        vm.prank(_arbiter);
        ledger.ruleClawback(_arbiter, payment, part, "reason", opening);
        payment.refunded += part; // owed by the agreement, and no part of what it received
    }

    /// @dev What anyone may do for those who are owed.
    function settle(uint256 which, uint256 token, uint256 most) external journaled {
        uint256 version = which % _versions.length;
        ledger.mature(_versions[version].agreement, tokenAt(token), most % 4);
        if (_payments.length != 0 && most % 4 == 0) _payRefund(_payments[which % _payments.length]);
        _payDebt(version, tokenAt(token), uint32(1 + most % 3));
    }

    // -- agreements, deals, partners ---------------------------------------------------------------------------------

    function amend(uint256 which) external journaled {
        if (_versions.length == MOST_VERSIONS || which % 3 != 0) return;
        uint256 partner = which % PEOPLE;
        Terms memory terms = _amendedTerms(partner);
        bytes32 agreement = _amend(terms, _termsOf(_newest[partner]));
        _addVersion(partner, agreement, terms);
        _agreements[programme][_people[partner].account] = agreement;
    }

    function registerDeal(uint256 who, uint256 customer) external journaled {
        address account = _people[who % PEOPLE].account;
        IDealRegistry.Reveal memory reveal = _revealOf(account, bytes32(customer % 4));
        reveal.salt = bytes32(++_salt);
        _commit(reveal);
        _deals.push(_reveal(reveal));
    }

    function decideDeal(uint256 which, uint256 outcome) external journaled {
        (bytes32 deal, IDealRegistry.State state) = _undecided(which);
        if (deal == 0) return;
        if (state == IDealRegistry.State.Approved) {
            return _decide(deal, outcome % 3 == 0 ? IDealRegistry.State.Lost : IDealRegistry.State.Won);
        }
        if (outcome % 8 == 0) return _decide(deal, IDealRegistry.State.Rejected);
        if (outcome % 8 == 1) return _decide(deal, IDealRegistry.State.Returned);
        if (block.timestamp <= deals.dealOf(deal).since + 1 days) vm.warp(block.timestamp + 1 days + 1);
        _decide(deal, IDealRegistry.State.Approved);
    }

    function withdrawDeal(uint256 which) external journaled {
        if (which % 4 != 0) return; // else few would be won
        (bytes32 deal,) = _undecided(which / 4);
        if (deal != 0) _withdraw(deals.dealOf(deal).account, deal);
    }

    function identify(uint256 who, uint8 level) external journaled {
        address account = _people[who % PEOPLE].account;
        if (!partners.isRegistered(account)) {
            vm.prank(account);
            partners.register(account, "Example Ltd", "");
        }
        vm.prank(account);
        agreements.cancelNonce(account, _freshNonce());
        vm.prank(verifier);
        if (level == 0) partners.revoke(account, "reason");
        else partners.attest(account, level, uint40(block.timestamp + 30 days), "evidence");
    }

    /// @dev Most attempts to pause are passed over, so that most payments find the deposits open.
    function pauseOrResume(uint256 seed) external journaled {
        bool paused = ledger.depositsPaused();
        if (!paused && seed % 4 != 0) return;
        vm.prank(paused ? operator : guardian);
        if (paused) ledger.resumeDeposits();
        else ledger.pauseDeposits();
    }

    function passTime(uint256 time) external {
        vm.warp(block.timestamp + time % 3 days);
    }

    // -- what is looked at -------------------------------------------------------------------------------------------

    /// @notice What is claimed and claimable of one period, or of all where there are none.
    function totals(uint256 version, address token, uint256 period)
        external
        view
        returns (uint256 released, uint256 claimed, uint256 claimable)
    {
        bytes32 agreement = _versions[version].agreement;
        if (!ledger.bookOf(agreement, token).open) return (0, 0, 0);
        released = ledger.releasedIn(agreement, token, uint32(period));
        for (uint256 i; i < payeesOf(version); ++i) {
            address account = _versions[version].payees[i];
            claimed += ledger.claimedOf(agreement, token, uint32(period), account);
            claimable += ledger.claimableOf(account, token, _shareAt(version, i, period));
        }
    }

    /// @notice What is held and disputed of the payments to a version, counted payment by payment.
    function waiting(uint256 version, address token) external view returns (uint256 held, uint256 disputed) {
        bytes32 agreement = _versions[version].agreement;
        for (uint256 i; i < _payments.length; ++i) {
            IRevenueLedger.Payment storage payment = _payments[i];
            if (payment.agreement != agreement || payment.token != token) continue;
            if (payment.disputedAt != 0) disputed += payment.amount - payment.refunded;
            else if (payment.maturesAt > block.timestamp) held += payment.amount - payment.refunded;
        }
    }

    function bookAt(uint256 version, address token) external view returns (IRevenueLedger.Book memory) {
        return ledger.bookOf(_versions[version].agreement, token);
    }

    function balanceOfLedger(address token) external view returns (uint256) {
        return IERC20(token).balanceOf(address(ledger));
    }

    /// @dev A payer's tokens move only by what it did itself.
    function requireConsent() external view {
        for (uint256 i; i < PAYERS; ++i) {
            for (uint256 k; k < 2; ++k) {
                (address payer, address token) = (_payers[i].account, tokenAt(k));
                uint256 left = uint256(int256(FUNDS) - spent[payer][token]);
                vm.assertEq(IERC20(token).balanceOf(payer), left, "a payer's tokens");
            }
        }
    }

    function matureEverything() external journaled {
        _matureAll();
    }

    function _matureAll() private {
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 k; k < TOKENS; ++k) {
                ledger.mature(_versions[i].agreement, tokenAt(k), type(uint256).max);
            }
        }
    }

    /// @notice Time passes, nobody rules, and everybody is paid what it is owed.
    function payEverything() external journaled {
        vm.warp(block.timestamp + 100 days);
        for (uint256 i; i < _payments.length; ++i) {
            if (_payments[i].disputedAt != 0) {
                ledger.dropDispute(_payments[i]);
                _payments[i].disputedAt = 0;
            }
            _payRefund(_payments[i]);
        }
        _matureAll();
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 t; t < TOKENS; ++t) {
                if (!ledger.bookOf(_versions[i].agreement, tokenAt(t)).open) continue;
                for (uint256 k; k < payeesOf(i) * periodsOf(i); ++k) {
                    _claim(i, k % payeesOf(i), k / payeesOf(i), tokenAt(t));
                }
            }
        }
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 t; t < TOKENS; ++t) {
                for (uint32 debt = 1; _payDebt(i, tokenAt(t), debt); ++debt) {}
            }
        }
    }

    // -- parts -------------------------------------------------------------------------------------------------------

    function _payOne(
        uint256 who,
        uint256 version,
        address token,
        IRevenueLedger.Invoice memory invoice,
        bool signedForm
    ) private {
        bytes32 agreement = _versions[version].agreement;
        address payer = _payers[who].account;
        uint256 before = IERC20(token).balanceOf(address(ledger));
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = TypedData.pay(payer, agreement, token, invoice, signed.nonce, signed.deadline);
            signed.signature = _signature(_payers[who].key, TypedData.digest(address(ledger), action));
            ledger.payWithAuthorization(payer, agreement, token, invoice, signed);
        } else {
            vm.prank(payer);
            ledger.pay(agreement, token, invoice);
        }
        _noteIn(payer, version, token, invoice, IERC20(token).balanceOf(address(ledger)) - before);
    }

    /// @dev Amounts of all sizes, small ones above all: they show what rounding does.
    function _newInvoice(uint256 amount) private returns (IRevenueLedger.Invoice memory) {
        return _invoice(1 + amount % 10 ** (1 + amount / 7 % 24), bytes32(++_salt));
    }

    function _noteIn(address payer, uint256 version, address token, IRevenueLedger.Invoice memory invoice, uint256 grew)
        private
    {
        received[version][token] += grew;
        spent[payer][token] += int256(invoice.amount);
        IRevenueLedger.Payment memory payment;
        (payment.payer, payment.invoiceRef, payment.deal) = (payer, invoice.invoiceRef, invoice.deal);
        (payment.agreement, payment.token, payment.amount) = (_versions[version].agreement, token, grew);
        uint256 hold = _versions[version].holdSeconds;
        payment.maturesAt = uint40(block.timestamp + hold);
        if (hold != 0) payment.maturesAt = (payment.maturesAt + 1 days - 1) / 1 days * 1 days;
        _payments.push(payment);
    }

    function _noteBack(IRevenueLedger.Payment storage payment, uint256 amount) private {
        payment.refunded += amount;
        refunded[_versionOf(payment.agreement)][payment.token] += amount;
    }

    function _notePaidOut(address payer, address token, uint256 amount) private {
        spent[payer][token] -= int256(amount);
    }

    /// @dev One of the newest payments, which may still be held, more often than an old one.
    function _paymentAt(uint256 which) private view returns (IRevenueLedger.Payment storage) {
        uint256 count = _payments.length;
        if (count > 4 && which % 4 != 0) return _payments[count - 1 - which / 4 % 4];
        return _payments[which % count];
    }

    function _payRefund(IRevenueLedger.Payment storage payment) private {
        if (ledger.refundDue(payment.payer, payment.invoiceRef) == 0) return;
        uint256 amount = ledger.payRefund(payment);
        refundsDue[payment.token] -= amount;
        _notePaidOut(payment.payer, payment.token, amount);
    }

    /// @return whether there is such a debt
    function _payDebt(uint256 version, address token, uint32 number) private returns (bool) {
        bytes32 agreement = _versions[version].agreement;
        try ledger.debtOf(agreement, token, number) returns (IRevenueLedger.Debt memory debt) {
            uint256 served = ledger.bookOf(agreement, token).served;
            if (debt.from >= served || debt.from == debt.to) return true;
            uint256 amount = ledger.payDebt(agreement, token, number);
            debtsPaid[token] += amount;
            _notePaidOut(debt.payer, token, amount);
            return true;
        } catch {
            return false;
        }
    }

    function _claim(uint256 version, uint256 payee, uint256 period, address token) private {
        IRevenueLedger.Share memory share = _shareAt(version, payee, period);
        address account = _versions[version].payees[payee];
        if (ledger.claimableOf(account, token, share) == 0) return;
        ledger.claim(account, token, share);
    }
}
