// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Terms} from "../../../contracts/agreements/types/Terms.sol";
import {DealState, Reveal} from "../../../contracts/deals/types/Deals.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId, NO_DEAL} from "../../../contracts/shared/types/Ids.sol";
import {Ecosystem} from "./Ecosystem.sol";
import {Plans} from "./Plans.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title What partners, the vendor and the consortium may do in any order
abstract contract PartnerActions is Ecosystem {
    /// @dev More would only make each check longer.
    uint256 internal constant MOST_WALLETS = 20;

    address private _recovering;
    Partner private _recoveringTo;
    uint256 private _made;

    // -- agreements --------------------------------------------------------------------------------------------------

    function amend(uint256 which) external journaled {
        if (_versions.length == MOST_VERSIONS || which % 3 != 0) return;
        uint256 partner = which % PEOPLE;
        Terms memory terms = _amendedTerms(partner);
        AgreementId agreement = _amend(terms, _termsOf(_newest[partner]));
        _noteEnd(_newest[partner], block.timestamp - 1);
        _addVersion(partner, agreement, terms);
        _agreements[programme][_people[partner].account] = agreement;
    }

    /// @dev Most notices are passed over, so that there is something to pay.
    function giveNotice(uint256 which, uint256 form) external journaled {
        uint256 version = _newest[which % PEOPLE];
        Terms memory terms = _termsOf(version);
        if (terms.noticeSeconds == 0 || form % 4 > 1) revert NothingToDo();
        address account = terms.parties[terms.parties[0] == vendor ? 1 : 0];
        AgreementId agreement = _versions[version].agreement;
        Opening memory opening = Plans.opening(terms);
        if (form % 4 == 0) {
            vm.prank(_actingFor(account));
            agreements.giveNotice(account, agreement, opening);
        } else {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = TypedData.giveNotice(account, agreement, signed.nonce, signed.deadline);
            signed = _signedBy(account, address(agreements), signed, action);
            agreements.giveNoticeWithAuthorization(account, agreement, opening, signed);
        }
        _noteEnd(version, block.timestamp + terms.noticeSeconds);
    }

    // -- deals -------------------------------------------------------------------------------------------------------

    function registerDeal(uint256 who, uint256 customer) external journaled {
        address account = _people[who % PEOPLE].account;
        Reveal memory reveal = _revealOf(account, bytes32(customer % 4));
        reveal.salt = bytes32(++_salt);
        _commit(reveal);
        _deals.push(_reveal(reveal));
    }

    function decideDeal(uint256 which, uint256 outcome) external journaled {
        (DealId deal, DealState state) = _undecided(which);
        if (deal == NO_DEAL) return;
        if (state == DealState.Approved) {
            return _decide(deal, outcome % 3 == 0 ? DealState.Lost : DealState.Won);
        }
        if (outcome % 8 == 0) return _decide(deal, DealState.Rejected);
        if (outcome % 8 == 1) return _decide(deal, DealState.Returned);
        if (block.timestamp <= deals.dealOf(deal).since + 1 hours) vm.warp(block.timestamp + 1 hours + 1);
        _decide(deal, DealState.Approved);
    }

    function withdrawDeal(uint256 which) external journaled {
        if (which % 4 != 0) return; // else few would be won
        (DealId deal,) = _undecided(which / 4);
        if (deal != NO_DEAL) _withdraw(deals.dealOf(deal).account, deal);
    }

    // -- partners ----------------------------------------------------------------------------------------------------

    function identify(uint256 who, uint8 level) external journaled {
        address account = _people[who % PEOPLE].account;
        if (!partners.isRegistered(account)) {
            vm.prank(_actingFor(account));
            partners.register(account, "Example Ltd", "");
        }
        vm.prank(_actingFor(account));
        agreements.cancelNonce(account, _freshNonce());
        vm.prank(verifier);
        if (level == 0) partners.revoke(account, "reason");
        else partners.attest(account, level, uint40(block.timestamp + 30 days), "evidence");
    }

    /// @dev The owner, which is the wallet of before, calls or signs; the new wallet has always signed.
    function rotate(uint256 who, bool signedForm) external journaled {
        if (_wallets.length == MOST_WALLETS) revert NothingToDo();
        address account = _accountAt(who);
        address before = _actingFor(account);
        Partner memory wallet = _newKey();
        Authorization memory consent = _consentOf(wallet, account);
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = TypedData.rotate(account, wallet.account, signed.nonce, signed.deadline);
            signed = _signedBy(account, address(partners), signed, action);
            partners.rotateWithAuthorization(account, wallet.account, consent, signed);
        } else {
            vm.prank(before);
            partners.rotate(account, wallet.account, consent);
        }
        _handOver(account, before, wallet);
    }

    /// @dev One recovery at a time: proposed, and next carried out when its time has come, or cancelled by the owner.
    function recover(uint256 who, uint256 form) external journaled {
        (address proposed, uint40 executableAt,) = partners.recoveryOf(_recovering);
        if (proposed == address(0)) {
            if (_wallets.length == MOST_WALLETS) revert NothingToDo();
            (_recovering, _recoveringTo) = (_accountAt(who), _newKey());
            vm.prank(recoverer);
            return partners.proposeRecovery(_recovering, _recoveringTo.account);
        }
        address before = _actingFor(_recovering);
        if (form % 4 == 0) {
            vm.prank(before);
            return partners.cancelRecovery(_recovering);
        }
        if (block.timestamp < executableAt) {
            _mustFailEarly();
            vm.warp(executableAt);
        }
        partners.recover(_recovering, _consentOf(_recoveringTo, _recovering));
        _handOver(_recovering, before, _recoveringTo);
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

    // -- parts -------------------------------------------------------------------------------------------------------

    /// @dev A partner, a payer or the arbiter.
    function _accountAt(uint256 who) internal view returns (address) {
        who %= PEOPLE + PAYERS + 1;
        if (who < PEOPLE) return _people[who].account;
        return who < PEOPLE + PAYERS ? _payers[who - PEOPLE].account : _arbiter;
    }

    function _newKey() internal returns (Partner memory) {
        return _partner(string.concat("wallet ", vm.toString(++_made)));
    }

    function _consentOf(Partner memory wallet, address account) internal returns (Authorization memory consent) {
        consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(account, wallet.account, consent.nonce, consent.deadline);
        consent.signature = _signature(wallet.key, TypedData.digest(address(partners), action));
    }

    /// @dev From here on the account acts through the new wallet, and the one of before can do nothing for it.
    function _handOver(address account, address before, Partner memory wallet) internal {
        bool pays;
        for (uint256 i; i < PAYERS; ++i) {
            pays = pays || _payers[i].account == account;
        }
        _openPurse(account, wallet, pays);
        uint256 nonce = _freshNonce();
        vm.prank(before);
        try agreements.cancelNonce(account, nonce) {
            _never("a wallet that was given up acts");
        } catch {}
    }

    function _mustFailEarly() private {
        Authorization memory consent = _consentOf(_recoveringTo, _recovering);
        try partners.recover(_recovering, consent) {
            _never("a recovery before its time");
        } catch {}
    }
}
