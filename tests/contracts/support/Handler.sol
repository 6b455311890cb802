// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IDealRegistry} from "../../../contracts/interfaces/IDealRegistry.sol";
import {IRevenueLedger} from "../../../contracts/interfaces/IRevenueLedger.sol";
import {Authorization} from "../../../contracts/types/Authorization.sol";
import {Ecosystem} from "./Ecosystem.sol";
import {FeeToken} from "./HostileTokens.sol";
import {MoneyTypedData} from "./MoneyTypedData.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title What partners, payers and the consortium may do in any order
/// @dev After each action the contracts' new log entries are taken into their recomputed journals.
contract Handler is Ecosystem {
    // -- what may happen ---------------------------------------------------------------------------------------------

    function pay(uint256 who, uint256 which, uint256 token, uint256 amount, uint256 deal) external journaled {
        (address payer, bytes32 agreement) = (_payers[who % PAYERS].account, agreementAt(which));
        address paid = tokenAt(token);
        IRevenueLedger.Invoice memory invoice = _newInvoice(amount);
        if (deal % 4 == 0) invoice.deal = _wonUnder(agreement, deal);
        uint256 before = IERC20(paid).balanceOf(address(ledger));
        if (deal % 2 == 0) {
            vm.prank(payer);
            ledger.pay(agreement, paid, invoice);
        } else {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = TypedData.pay(payer, agreement, paid, invoice, signed.nonce, signed.deadline);
            signed.signature = _signature(_payers[who % PAYERS].key, TypedData.digest(address(ledger), action));
            ledger.payWithAuthorization(payer, agreement, paid, invoice, signed);
        }
        received[which % AGREEMENTS][paid] += IERC20(paid).balanceOf(address(ledger)) - before;
    }

    function payBatch(uint256 who, uint256 which, uint256 token, uint256 amount) external journaled {
        address paid = tokenAt(token % 2); // a batch refuses the token that takes a fee
        IRevenueLedger.Bundle[] memory bundles = new IRevenueLedger.Bundle[](3);
        for (uint256 i; i < bundles.length; ++i) {
            bundles[i].agreement = agreementAt(which % AGREEMENTS + i);
            bundles[i].invoices = new IRevenueLedger.Invoice[](1 + i);
            for (uint256 k; k <= i; ++k) {
                bundles[i].invoices[k] = _newInvoice(amount + k);
                received[(which % AGREEMENTS + i) % AGREEMENTS][paid] += bundles[i].invoices[k].amount;
            }
        }
        vm.prank(_payers[who % PAYERS].account);
        ledger.payBatch(paid, bundles);
    }

    function claim(uint256 which, uint256 payee, uint256 token) external journaled {
        _claim(which, payee, tokenAt(token));
    }

    function claimAcross(uint256 payee, uint256 token, uint256 to) external journaled {
        Partner memory owed = _people[payee % PEOPLE];
        IRevenueLedger.Share[] memory shares = _sharesOf(payee % PEOPLE);
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

    function donate(uint256 token, uint256 amount) external journaled {
        FeeToken(tokenAt(token)).mint(address(ledger), amount % 1e24);
        donated[tokenAt(token)] += amount % 1e24;
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

    function totals(uint256 which, address token)
        external
        view
        returns (uint256 released, uint256 claimed, uint256 claimable, uint256 payees)
    {
        bytes32 agreement = agreementAt(which);
        released = ledger.bookOf(agreement, token).released;
        payees = _payeesOf(which);
        for (uint256 i; i < payees; ++i) {
            address account = _people[i].account;
            claimed += ledger.claimedOf(agreement, token, 0, account);
            claimable += ledger.claimableOf(account, token, _shareAt(which, i));
        }
    }

    function balanceOfLedger(address token) external view returns (uint256) {
        return IERC20(token).balanceOf(address(ledger));
    }

    function claimEverything() external journaled {
        for (uint256 i; i < AGREEMENTS; ++i) {
            for (uint256 k; k < _payeesOf(i) * TOKENS; ++k) {
                _claim(i, k / TOKENS, tokenAt(k));
            }
        }
    }
}
