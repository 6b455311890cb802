// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDealRegistry} from "../../../contracts/interfaces/IDealRegistry.sol";
import {IRevenueLedger} from "../../../contracts/interfaces/IRevenueLedger.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {DealWorld} from "./DealWorld.sol";
import {FeeToken, NoReturnToken} from "./HostileTokens.sol";
import {JournalReader} from "./JournalReader.sol";
import {Plans} from "./Plans.sol";
import {Vm, vm} from "./Vm.sol";

/// @title A ledger in use
/// @notice Five partners with an agreement each, between two and five payees of uneven weights, three payers, three
/// tokens (one takes a fee, one returns nothing), and the contracts' journals as recomputed from their log entries.
abstract contract Ecosystem is DealWorld {
    using JournalReader for JournalReader.Chain;

    uint256 public constant AGREEMENTS = 5;
    uint256 public constant TOKENS = 3;
    uint256 internal constant PEOPLE = 5;
    uint256 internal constant PAYERS = 3;

    Partner[] internal _people;
    Partner[] internal _payers;
    address[] private _tokens;
    bytes32[] internal _deals;
    mapping(uint256 which => bytes[]) private _encodedShares;
    mapping(address emitter => JournalReader.Chain) private _chains;
    // An action that reverts is forgotten, so a break in a journal is kept here instead of reverting.
    address private _brokenJournal;

    /// @notice What the ledger's balance grew by in payments to an agreement.
    mapping(uint256 which => mapping(address token => uint256)) public received;
    /// @notice What was sent to the ledger without a payment.
    mapping(address token => uint256) public donated;
    uint256 internal _salt;

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
        }
        _tokens.push(address(dollar));
        _tokens.push(address(new NoReturnToken()));
        _tokens.push(address(new FeeToken()));
        for (uint256 i; i < PAYERS; ++i) {
            _payers.push(_partner(string.concat("payer ", vm.toString(i))));
            for (uint256 k; k < TOKENS; ++k) {
                FeeToken(_tokens[k]).mint(_payers[i].account, 1e36);
                vm.prank(_payers[i].account);
                // Called as the token that returns nothing: its answer is not looked at.
                NoReturnToken(_tokens[k]).approve(address(ledger), type(uint256).max);
            }
        }
        for (uint256 i; i < AGREEMENTS; ++i) {
            Terms memory terms = _termsWith(_people[i].account);
            bytes32 agreement = _join(_people[i].account);
            for (uint256 k; k < _payeesOf(i); ++k) {
                _encodedShares[i].push(abi.encode(Plans.share(terms, agreement, k)));
            }
        }
    }

    function agreementAt(uint256 which) public view returns (bytes32) {
        return _revealOf(_people[which % AGREEMENTS].account, 0).agreement;
    }

    function tokenAt(uint256 which) public view returns (address) {
        return _tokens[which % TOKENS];
    }

    function requireJournals() external view {
        vm.assertEq(_brokenJournal, address(0));
        address[4] memory emitters = [address(partners), address(agreements), address(deals), address(ledger)];
        for (uint256 i; i < 4; ++i) {
            _chains[emitters[i]].requireNewest(emitters[i]);
        }
    }

    /// @dev The agreement at this place has two, three, four, five, and again two payees.
    function _payeesOf(uint256 which) internal pure returns (uint256) {
        return 2 + which % AGREEMENTS % 4;
    }

    /// @dev The first `count` partners share unevenly; the third agreement ends after 60 days.
    function _termsWith(address account) internal view override returns (Terms memory terms) {
        uint256 which;
        while (_people[which].account != account) ++which;
        uint256 count = _payeesOf(which);
        address[] memory accounts = new address[](count);
        uint64[] memory weights = new uint64[](count);
        uint256 left = 1e18;
        for (uint256 i; i < count; ++i) {
            accounts[i] = _people[i].account;
            uint256 weight = uint256(keccak256(abi.encode("weight", which, i))) % (left / 2);
            weights[i] = uint64(i == count - 1 ? left : weight);
            left -= weight;
        }
        terms = _terms(_pair(vendor, account), _payees(accounts, weights));
        terms.programme = programme;
        terms.exclusivitySeconds = 10 days;
        if (which == 2) terms.validUntil = START + 60 days;
        terms.tokens = _sorted(_tokens);
    }

    function _sorted(address[] memory list) private pure returns (address[] memory) {
        for (uint256 i = 1; i < list.length; ++i) {
            for (uint256 k = i; k > 0 && list[k - 1] > list[k]; --k) {
                (list[k - 1], list[k]) = (list[k], list[k - 1]);
            }
        }
        return list;
    }

    /// @dev Amounts of all sizes, small ones above all: they show what rounding does.
    function _newInvoice(uint256 amount) internal returns (IRevenueLedger.Invoice memory) {
        return _invoice(1 + amount % 10 ** (1 + amount / 7 % 24), bytes32(++_salt));
    }

    /// @dev A deal that waits for a decision, or is approved and neither won nor lost.
    function _undecided(uint256 seed) internal view returns (bytes32 deal, IDealRegistry.State state) {
        for (uint256 i; i < _deals.length; ++i) {
            deal = _deals[(seed % _deals.length + i) % _deals.length];
            state = deals.dealOf(deal).state;
            if (state == IDealRegistry.State.Registered || state == IDealRegistry.State.Returned) return (deal, state);
            if (state == IDealRegistry.State.Approved) return (deal, state);
        }
        return (0, IDealRegistry.State.None);
    }

    function _wonUnder(bytes32 agreement, uint256 seed) internal view returns (bytes32 deal) {
        for (uint256 i; i < _deals.length; ++i) {
            deal = _deals[(seed % _deals.length + i) % _deals.length];
            if (deals.wonUnder(deal) == agreement) return deal;
        }
        return 0;
    }

    function _shareAt(uint256 which, uint256 payee) internal view returns (IRevenueLedger.Share memory) {
        return abi.decode(_encodedShares[which % AGREEMENTS][payee], (IRevenueLedger.Share));
    }

    function _claim(uint256 which, uint256 payee, address token) internal {
        payee %= _payeesOf(which);
        IRevenueLedger.Share memory share = _shareAt(which, payee);
        if (ledger.claimableOf(_people[payee].account, token, share) == 0) return;
        ledger.claim(_people[payee].account, token, share);
    }

    /// @dev The partner's shares of all the agreements that it is a payee of.
    function _sharesOf(uint256 payee) internal view returns (IRevenueLedger.Share[] memory shares) {
        uint256 count;
        for (uint256 i; i < AGREEMENTS; ++i) {
            if (payee < _payeesOf(i)) ++count;
        }
        shares = new IRevenueLedger.Share[](count);
        count = 0;
        for (uint256 i; i < AGREEMENTS; ++i) {
            if (payee < _payeesOf(i)) shares[count++] = _shareAt(i, payee);
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
        }
    }

    function take(Vm.Log calldata entry) external {
        _chains[entry.emitter].take(entry);
    }
}
