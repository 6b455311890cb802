// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    CLAWBACK_ALLOWED,
    CLAWBACK_INHERITED,
    Payee,
    Terms,
    Tranche
} from "../../../contracts/agreements/types/Terms.sol";
import {DealState} from "../../../contracts/deals/types/Deals.sol";
import {IClaims} from "../../../contracts/revenue/interfaces/IClaims.sol";
import {IDistributions} from "../../../contracts/revenue/interfaces/IDistributions.sol";
import {IRevenueBooks} from "../../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {IRevenueViews} from "../../../contracts/revenue/interfaces/IRevenueViews.sol";
import {Portion, Share} from "../../../contracts/revenue/types/Books.sol";
import {Part} from "../../../contracts/revenue/types/Divisions.sol";
import {AgreementId, DealId, NO_DEAL} from "../../../contracts/shared/types/Ids.sol";
import {JournalReader} from "./JournalReader.sol";
import {Plans} from "./Plans.sol";
import {Purses} from "./Purses.sol";
import {Vm, vm} from "./Vm.sol";

/// @title A ledger in use
/// @notice Five partners, each with an agreement that is amended now and then: between two and five payees of uneven
/// weights, with and without hold, periods, several tranches, clawback and arbiter. Three payers, three tokens (one takes a
/// fee, one returns nothing), and the contracts' journals as recomputed from their log entries.
abstract contract Ecosystem is Purses {
    using JournalReader for JournalReader.Chain;

    uint256 internal constant PEOPLE = 5;
    uint256 internal constant PAYERS = 3;
    uint256 internal constant MOST_VERSIONS = 8;

    /// @dev An agreement or an amendment of one: each keeps its own books.
    struct Version {
        AgreementId agreement;
        uint256 partner;
        uint256 holdSeconds;
        uint256 periodDays;
        uint256 validFrom;
        uint256 endsAt;
        bytes terms;
        bytes[] shares;
        bytes[] questions;
        address[] payees;
    }

    Partner[] internal _people;
    Partner[] internal _payers;
    address internal _arbiter;
    DealId[] internal _deals;
    Version[] internal _versions;
    /// @dev Where the partner's newest version is.
    mapping(uint256 partner => uint256) internal _newest;
    mapping(AgreementId agreement => uint256) private _placeOf;
    mapping(address emitter => JournalReader.Chain) private _chains;
    // An action that reverts is forgotten, so a break in a journal is kept here instead of reverting.
    address private _brokenJournal;
    uint256 internal _salt;

    /// @notice What the log entries say served debts, by the version whose revenue it was.
    mapping(uint256 version => mapping(address token => uint256)) public netted;
    /// @notice What the log entries say payees were paid, alone and with everybody.
    mapping(uint256 version => mapping(address token => mapping(uint256 period => uint256))) public paidOut;

    modifier journaled() {
        vm.recordLogs();
        _;
        _takeLogs();
    }

    function setUp() public override journaled {
        super.setUp();
        Partner[] memory people = _partners(PEOPLE);
        for (uint256 i; i < PEOPLE; ++i) {
            _people.push(people[i]);
            _openPurse(people[i].account, people[i], false);
        }
        for (uint256 i; i < PAYERS; ++i) {
            _payers.push(_partner(string.concat("payer ", vm.toString(i))));
            _openPurse(_payers[i].account, _payers[i], true);
        }
        Partner memory arbiter = _partner("arbiter");
        _openPurse(arbiter.account, arbiter, false);
        _arbiter = arbiter.account;
        for (uint256 i; i < PEOPLE; ++i) {
            Terms memory terms = _termsWith(_people[i].account);
            _addVersion(i, _join(_people[i].account), terms);
        }
    }

    // -- agreements --------------------------------------------------------------------------------------------------

    function versions() external view returns (uint256) {
        return _versions.length;
    }

    /// @notice Periods of a version that may have begun.
    function periodsOf(uint256 version) public view returns (uint256) {
        Version storage it = _versions[version];
        if (it.periodDays == 0 || block.timestamp < it.validFrom) return 1;
        return (block.timestamp - it.validFrom) / (it.periodDays * 1 days) + 1;
    }

    function payeesOf(uint256 version) public view returns (uint256) {
        return _versions[version].payees.length;
    }

    function _addVersion(uint256 partner, AgreementId agreement, Terms memory terms) internal {
        _newest[partner] = _versions.length;
        Version storage it = _versions.push();
        it.agreement = agreement;
        it.partner = partner;
        it.holdSeconds = terms.holdSeconds;
        it.periodDays = terms.tranches[0].periodSeconds / 1 days;
        it.validFrom = terms.validFrom;
        it.endsAt = terms.validUntil;
        it.terms = abi.encode(terms);
        _placeOf[agreement] = _versions.length;
        for (uint256 k; k < terms.payees.length; ++k) {
            it.payees.push(terms.payees[k].account);
            Share memory share = Plans.share(terms, agreement, k);
            it.shares.push(abi.encode(share));
            address account = terms.payees[k].account;
            it.questions.push(abi.encodeCall(IRevenueViews.claimableOf, (account, address(0), share)));
        }
    }

    /// @dev An end is only ever brought forward.
    function _noteEnd(uint256 version, uint256 endsAt) internal {
        if (endsAt < _versions[version].endsAt) _versions[version].endsAt = endsAt;
    }

    function _termsOf(uint256 version) internal view returns (Terms memory) {
        return abi.decode(_versions[version].terms, (Terms));
    }

    function _versionOf(AgreementId agreement) internal view returns (uint256) {
        return _placeOf[agreement] - 1;
    }

    /// @dev The partner's newest terms.
    function _termsWith(address account) internal view override returns (Terms memory) {
        uint256 partner;
        while (_people[partner].account != account) ++partner;
        if (_versions.length > partner) return _termsOf(_newest[partner]);
        return _firstTerms(partner);
    }

    /// @dev The first partners share unevenly; the third agreement ends after 60 days, the second and
    /// the fourth by notice.
    function _firstTerms(uint256 partner) private view returns (Terms memory terms) {
        uint256 count = 2 + partner % 4;
        uint256 tranches = 1 + partner % 3;
        Payee[] memory payees = new Payee[](count);
        for (uint256 i; i < count; ++i) {
            payees[i] = Payee(_people[i].account, new uint64[](tranches));
        }
        for (uint256 k; k < tranches; ++k) {
            uint256 left = 1e18;
            for (uint256 i; i < count; ++i) {
                uint256 weight = uint256(keccak256(abi.encode("weight", partner, i, k))) % (left / 2);
                payees[i].weights[k] = uint64(i == count - 1 ? left : weight);
                left -= payees[i].weights[k];
            }
        }
        terms = _terms(_pair(vendor, _people[partner].account), payees);
        terms.tranches = new Tranche[](tranches);
        for (uint256 k; k < tranches; ++k) {
            terms.tranches[k].upTo = k == tranches - 1 ? type(uint256).max : 10 ** (9 + 6 * k);
            terms.tranches[k].periodSeconds = [uint32(0), 0, 9 days, 7 days, 0][partner];
        }
        terms.programme = programme;
        terms.exclusivitySeconds = 10 days;
        if (partner == 2) terms.validUntil = START + 60 days;
        terms.tokens = _sorted(_tokens);
        terms.holdSeconds = [uint32(0), 2 days, 1 days, 0, 4 days][partner];
        terms.noticeSeconds = [uint32(0), 3 days, 0, 5 days, 0][partner];
        if (partner != 4) (terms.arbiter, terms.clawback) = (_arbiter, CLAWBACK_ALLOWED);
    }

    /// @dev An amendment that changes shares, leaves a payee out, and serves what is still owed.
    function _amendedTerms(uint256 partner) internal view returns (Terms memory terms) {
        terms = _termsOf(_newest[partner]);
        terms.predecessor = _versions[_newest[partner]].agreement;
        terms.validFrom = uint40(block.timestamp);
        if (terms.clawback != 0) terms.clawback = CLAWBACK_ALLOWED | CLAWBACK_INHERITED;
        (terms.payees[0].weights, terms.payees[1].weights) = (terms.payees[1].weights, terms.payees[0].weights);
        uint256 count = terms.payees.length - 1;
        if (count < 2) return terms;
        Payee[] memory staying = new Payee[](count);
        for (uint256 i; i < count; ++i) {
            staying[i] = terms.payees[i];
        }
        for (uint256 k; k < terms.tranches.length; ++k) {
            staying[0].weights[k] += terms.payees[count].weights[k];
        }
        terms.payees = staying;
    }

    function _sorted(address[] memory list) private pure returns (address[] memory) {
        for (uint256 i = 1; i < list.length; ++i) {
            for (uint256 k = i; k > 0 && list[k - 1] > list[k]; --k) {
                (list[k - 1], list[k]) = (list[k], list[k - 1]);
            }
        }
        return list;
    }

    // -- deals -------------------------------------------------------------------------------------------------------

    /// @dev A deal that waits for a decision, or is approved and neither won nor lost.
    function _undecided(uint256 seed) internal view returns (DealId deal, DealState state) {
        for (uint256 i; i < _deals.length; ++i) {
            deal = _deals[(seed % _deals.length + i) % _deals.length];
            state = deals.dealOf(deal).state;
            if (state == DealState.Registered || state == DealState.Returned) return (deal, state);
            if (state == DealState.Approved) return (deal, state);
        }
        return (NO_DEAL, DealState.None);
    }

    function _wonUnder(AgreementId agreement, uint256 seed) internal view returns (DealId deal) {
        for (uint256 i; i < _deals.length; ++i) {
            deal = _deals[(seed % _deals.length + i) % _deals.length];
            if (deals.wonUnder(deal) == agreement) return deal;
        }
        return NO_DEAL;
    }

    // -- shares ------------------------------------------------------------------------------------------------------

    function _shareAt(uint256 version, uint256 payee, uint256 period) internal view returns (Share memory share) {
        share = abi.decode(_versions[version].shares[payee], (Share));
        share.period = uint32(period);
    }

    /// @dev What a payee can claim. The call is kept encoded, for all tokens and periods: to encode the share anew took most
    /// of each check's time.
    function _claimableAt(uint256 version, uint256 payee, address token, uint256 period)
        internal
        view
        returns (uint256)
    {
        bytes memory question = _versions[version].questions[payee];
        assembly {
            // after the length and the selector: account, token, the share's offset, agreement, conditionsHash, period
            mstore(add(question, 0x44), token)
            mstore(add(question, 0xc4), period)
        }
        (bool answered, bytes memory amount) = address(ledger).staticcall(question);
        require(answered, "claimableOf reverts");
        return abi.decode(amount, (uint256));
    }

    /// @dev The partner's shares of all that it is a payee of.
    function _sharesOf(address account) internal view returns (Share[] memory shares) {
        shares = new Share[](64);
        uint256 count;
        for (uint256 i; i < _versions.length; ++i) {
            for (uint256 k; k < payeesOf(i); ++k) {
                if (_versions[i].payees[k] != account) continue;
                for (uint256 p; p < periodsOf(i) && count < 64; ++p) {
                    shares[count++] = _shareAt(i, k, p);
                }
            }
        }
        assembly {
            mstore(shares, count)
        }
    }

    // -- journals ----------------------------------------------------------------------------------------------------

    function requireJournals() external view {
        vm.assertEq(_brokenJournal, address(0));
        address[4] memory emitters = [address(partners), address(agreements), address(deals), address(ledger)];
        for (uint256 i; i < 4; ++i) {
            _chains[emitters[i]].requireNewest(emitters[i]);
        }
    }

    function _takeLogs() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            address emitter = logs[i].emitter;
            bool ours = emitter == address(partners) || emitter == address(agreements) || emitter == address(deals)
                || emitter == address(ledger);
            if (!ours) continue;
            try this.take(logs[i]) {}
            catch {
                _brokenJournal = emitter;
            }
            if (emitter == address(ledger)) _takeMoney(logs[i]);
        }
    }

    function _takeMoney(Vm.Log memory entry) private {
        bytes32 name = entry.topics[0];
        if (name == IClaims.ClaimedAcross.selector) {
            (, Portion[] memory portions) = abi.decode(entry.data, (address, Portion[]));
            for (uint256 i; i < portions.length; ++i) {
                paidOut[
                    _versionOf(portions[i].agreement)
                ][address(uint160(uint256(entry.topics[2])))][portions[i].period] += portions[i].amount;
            }
            return;
        }
        if (
            name != IRevenueBooks.Netted.selector && name != IClaims.Claimed.selector
                && name != IDistributions.Distributed.selector
        ) return;
        uint256 version = _versionOf(AgreementId.wrap(entry.topics[1]));
        if (name == IClaims.Claimed.selector) {
            (address token, uint32 period,, uint256 amount) =
                abi.decode(entry.data, (address, uint32, address, uint256));
            paidOut[version][token][period] += amount;
            return;
        }
        address token_ = address(uint160(uint256(entry.topics[2])));
        if (name == IRevenueBooks.Netted.selector) {
            (,, uint256 amount) = abi.decode(entry.data, (bytes32, bool, uint256));
            netted[version][token_] += amount;
            return;
        }
        (uint32 period_, Part[] memory parts) = abi.decode(entry.data, (uint32, Part[]));
        for (uint256 i; i < parts.length; ++i) {
            paidOut[version][token_][period_] += parts[i].amount;
        }
    }

    function take(Vm.Log calldata entry) external {
        _chains[entry.emitter].take(entry);
    }
}
