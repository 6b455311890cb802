// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Payment} from "../../contracts/revenue/types/Payments.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {bound, vm} from "./support/Vm.sol";

/// @dev Random payments, refunds, disputes, rulings and clawbacks under random terms, against the simplest reading of what
/// the terms say: each payment is released at its moment, one after another, and serves what is owed by then.
contract MoneyModelTest is MoneyWorld {
    uint256 private constant STEPS = 24;

    struct Waiting {
        Payment payment;
        bool inDispute;
        bool released;
    }

    Waiting[] private _all;
    mapping(uint256 period => uint256) private _total;
    uint256 private _owed;
    uint256 private _served;
    uint256 private _seed;

    function _random(uint256 limit) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % limit;
    }

    function _randomTerms() private returns (Terms memory terms) {
        terms = _heldTerms(uint32(_random(4)));
        uint256 count = 1 + _random(4);
        uint32 period = uint32(_random(2) * (1 + _random(9)) * 1 days);
        terms.tranches = new Tranche[](count);
        uint256 upTo;
        for (uint256 k; k < count; ++k) {
            upTo = k + 1 == count ? type(uint256).max : upTo + 1 + _random(3000);
            terms.tranches[k] = Tranche(upTo, period);
        }
        terms.payees[0].weights = new uint64[](count);
        terms.payees[1].weights = new uint64[](count);
        for (uint256 k; k < count; ++k) {
            terms.payees[0].weights[k] = uint64(_random(1e18 + 1));
            terms.payees[1].weights[k] = uint64(1e18) - terms.payees[0].weights[k];
        }
    }

    // -- the model ---------------------------------------------------------------------------------------------------

    function _advance() private {
        for (uint256 i; i < _all.length; ++i) {
            Waiting storage one = _all[i];
            if (one.released || one.inDispute || one.payment.maturesAt > block.timestamp) continue;
            one.released = true;
            uint256 amount = one.payment.amount - one.payment.refunded;
            uint256 part = _owed - _served < amount ? _owed - _served : amount;
            _served += part;
            _total[_periodOf(one.payment.maturesAt)] += amount - part;
        }
    }

    function _periodOf(uint256 time) private view returns (uint256) {
        uint32 period = _kept().tranches[0].periodSeconds;
        return period == 0 ? 0 : (time - START) / period;
    }

    /// @dev Each boundary that the total has passed changes the weight of all that comes after it.
    function _earned(Terms memory terms, uint256 payee, uint256 total) private pure returns (uint256) {
        uint64[] memory weights = terms.payees[payee].weights;
        int256 weighted = int256(total) * int256(uint256(weights[weights.length - 1]));
        for (uint256 k; k + 1 < weights.length; ++k) {
            uint256 below = total < terms.tranches[k].upTo ? total : terms.tranches[k].upTo;
            weighted += int256(below) * (int256(uint256(weights[k])) - int256(uint256(weights[k + 1])));
        }
        return uint256(weighted) / 1e18;
    }

    // -- one step ----------------------------------------------------------------------------------------------------

    function _step(Terms memory terms) private {
        vm.warp(block.timestamp + _random(36 hours));
        _advance();
        uint256 action = _random(9);
        if (action < 3 || _all.length == 0) return _payAny(terms);
        if (action == 3) return _claimAny(terms);
        Waiting storage one = _all[_all.length - 1 - _random(_all.length < 5 ? _all.length : 5)];
        Payment memory payment = one.payment;
        uint256 left = payment.amount - payment.refunded;
        if (left == 0) return;
        if (one.inDispute && (action < 6 || payment.maturesAt <= block.timestamp)) {
            _rule(terms, payment, _random(left + 1));
            one.inDispute = false;
        } else if (one.inDispute) {
            uint256 part = 1 + _random(left);
            _refund(payment, part);
            one.inDispute = part != left;
        } else if (one.released) {
            uint256 part = 1 + _random(left);
            _clawBack(terms, payment, part);
            _owed += part;
        } else if (action < 7 || payment.disputedAt != 0) {
            uint256 part = 1 + _random(left);
            _refund(payment, part);
        } else {
            _dispute(terms, payment);
            one.inDispute = true;
        }
        one.payment = payment;
        _advance();
    }

    function _payAny(Terms memory terms) private {
        Payment memory payment = _paid(terms, 1 + _random(2000), bytes32(_all.length + 1));
        Waiting storage one = _all.push();
        one.payment = payment;
        _advance();
    }

    function _claimAny(Terms memory terms) private {
        uint256 payee = _random(2);
        Share memory share = _share(terms, payee);
        share.period = uint32(_random(_periodOf(block.timestamp) + 1));
        try ledger.claim(parties[payee], address(dollar), share) {} catch {}
    }

    function _requireAsModelled(Terms memory terms) private view {
        for (uint256 payee; payee < 2; ++payee) {
            Share memory share = _share(terms, payee);
            for (uint256 p; p <= _periodOf(block.timestamp); ++p) {
                share.period = uint32(p);
                uint256 has = ledger.claimedOf(share.agreement, address(dollar), share.period, parties[payee]);
                has += ledger.claimableOf(parties[payee], address(dollar), share);
                vm.assertEq(has, _earned(terms, payee, _total[p]), "earned");
            }
        }
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_conservation_asTheSimplestReadingOfTheTerms(uint256 seed) public {
        _seed = seed;
        Terms memory terms = _randomTerms();
        _keep(terms);
        AgreementId agreement = _agree(terms);
        _payAny(terms);
        for (uint256 i; i < STEPS; ++i) {
            _step(terms);
            _requireAsModelled(terms);
        }
        vm.warp(block.timestamp + bound(seed, 4 days, 30 days));
        _advance();
        ledger.mature(agreement, address(dollar), type(uint256).max);
        _requireAsModelled(terms);
        vm.assertEq(uint256(_book(terms).owed), _owed);
        vm.assertEq(uint256(_book(terms).served), _served);
    }
}
