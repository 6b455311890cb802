// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {IProgrammes} from "../../contracts/agreements/interfaces/IProgrammes.sol";
import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IDealDecisions} from "../../contracts/deals/interfaces/IDealDecisions.sol";
import {IDealIntake} from "../../contracts/deals/interfaces/IDealIntake.sol";
import {IRegistration} from "../../contracts/partners/interfaces/IRegistration.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Invoice} from "../../contracts/revenue/types/Payments.sol";
import {IJournal} from "../../contracts/shared/interfaces/IJournal.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {EveryTerm} from "./support/EveryTerm.sol";
import {JournalReader} from "./support/JournalReader.sol";
import {Plans} from "./support/Plans.sol";
import {Vm, bound, vm} from "./support/Vm.sol";

/// @dev Every event of every contract, read back from the raw logs.
contract JournalTest is EveryTerm {
    using JournalReader for JournalReader.Chain;

    address private _account = address(0xACC);
    mapping(address emitter => JournalReader.Chain) private _chains;
    mapping(bytes32 eventSignature => bool) private _seen;

    function setUp() public override {
        vm.recordLogs();
        super.setUp();
    }

    /// @dev Something of everything that leaves an entry.
    function _useEverything() private {
        vm.prank(_account);
        partners.register(_account, "Example Ltd", "https://example.test/a-name-longer-than-one-word");
        vm.prank(verifier);
        partners.attest(_account, 2, OPEN_ENDED, "evidence");
        vm.prank(verifier);
        partners.revoke(_account, "reason");
        vm.prank(_account);
        partners.cancelNonce(_account, 1);

        Terms memory terms = _termsWith(_account);
        AgreementId agreement = agreements.agreementId(terms);
        vm.prank(_account);
        agreements.accept(_account, terms, type(uint40).max);
        vm.prank(_account);
        agreements.withdrawAcceptance(_account, agreement);
        agreement = _join(_account);
        DealId won = _win(_account, "customer");
        _withdraw(_account, _register(_account, "another"));

        _fund(stranger, 1000);
        vm.prank(stranger);
        ledger.pay(agreement, address(dollar), Invoice(won, 1000, "ref"));
        ledger.claim(terms.payees[0].account, address(dollar), Plans.share(terms, agreement, 0));
        vm.prank(guardian);
        ledger.pauseDeposits();
        vm.prank(operator);
        ledger.resumeDeposits();
        _useEveryTerm(won);
    }

    function _contracts() private view returns (address[4] memory) {
        return [address(partners), address(agreements), address(deals), address(ledger)];
    }

    function _isOurs(address emitter) private view returns (bool) {
        for (uint256 i; i < 4; ++i) {
            if (_contracts()[i] == emitter) return true;
        }
        return false;
    }

    function test_completeness_theJournalRecomputedFromEveryKindOfEntryIsUnbroken() public {
        _useEverything();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (!_isOurs(logs[i].emitter)) continue;
            _chains[logs[i].emitter].take(logs[i]);
            _seen[logs[i].topics[0]] = true;
        }
        for (uint256 i; i < 4; ++i) {
            _chains[_contracts()[i]].requireNewest(_contracts()[i]);
            vm.assertTrue(_chains[_contracts()[i]].seq > 0, "nothing recorded");
        }
        bytes32[15] memory events = [
            IRegistration.PartnerRegistered.selector,
            IRegistration.PartnerAttested.selector,
            IRegistration.AttestationRevoked.selector,
            bytes32(0x0),
            IProgrammes.ProgrammeCreated.selector,
            IActivation.AgreementAccepted.selector,
            IActivation.AcceptanceWithdrawn.selector,
            IActivation.AgreementActivated.selector,
            IDealIntake.DealCommitted.selector,
            IDealIntake.DealRegistered.selector,
            IDealDecisions.DealDecided.selector,
            IDealDecisions.DealWithdrawn.selector,
            IPayments.PaymentReceived.selector,
            IClaims.Claimed.selector,
            IPayments.DepositsPaused.selector
        ];
        events[3] = keccak256("NonceCancelled(address,uint256,uint64,bytes24)");
        for (uint256 i; i < events.length; ++i) {
            vm.assertTrue(_seen[events[i]], vm.toString(i));
        }
        vm.assertTrue(_seen[IPayments.DepositsResumed.selector]);
        bytes32[18] memory others = _termEvents();
        for (uint256 i; i < others.length; ++i) {
            vm.assertTrue(_seen[others[i]], string.concat("of the terms ", vm.toString(i)));
        }
    }

    function test_journal_isEmptyBeforeTheFirstEntry() public view {
        (uint64 seq, bytes24 head) = ledger.journal();
        vm.assertEq(uint256(seq), 0);
        vm.assertEq(bytes32(head), bytes32(0));
        vm.assertEq(vm.load(address(ledger), 0), bytes32(0));
    }

    function test_journal_isStorageSlotZeroTheHeadAboveTheNumber() public {
        _useEverything();
        for (uint256 i; i < 4; ++i) {
            (uint64 seq, bytes24 head) = IJournal(_contracts()[i]).journal();
            bytes32 slot = vm.load(_contracts()[i], 0);
            vm.assertEq(uint256(slot) & ((1 << 63) - 1), uint256(seq));
            vm.assertEq(uint256(slot) >> 64, uint256(uint192(head)));
        }
    }

    function test_journal_goesOnBesideTheSwitch() public {
        vm.prank(guardian);
        ledger.pauseDeposits();
        (uint64 seq,) = ledger.journal();
        vm.assertEq(uint256(seq), 1);
        vm.assertEq((uint256(vm.load(address(ledger), 0)) >> 63) & 1, 1);
        vm.prank(operator);
        ledger.resumeDeposits();
        (seq,) = ledger.journal();
        vm.assertEq(uint256(seq), 2);
        vm.assertEq((uint256(vm.load(address(ledger), 0)) >> 63) & 1, 0);
    }

    /// @dev A bit altered, an entry left out, or two entries swapped: found at the first of them.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_completeness_aTamperedJournalIsFound(uint256 seed) public {
        _useEverything();
        Vm.Log[] memory all = vm.getRecordedLogs();
        Vm.Log[] memory logs = new Vm.Log[](all.length);
        uint256 count;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].emitter == address(deals)) logs[count++] = all[i];
        }
        uint256 victim = bound(seed, 0, count - 2);
        uint256 kind = (seed >> 64) % 3;
        if (kind == 0) _flip(logs[victim], seed >> 72);
        if (kind == 1) (logs[victim], logs[victim + 1]) = (logs[victim + 1], logs[victim]);
        for (uint256 i; i < count; ++i) {
            if (kind == 2 && i == victim) continue;
            try this.take(logs[i]) {
                vm.assertTrue(i < victim);
            } catch {
                vm.assertEq(i, kind == 2 ? victim + 1 : victim);
                return;
            }
        }
        revert("not found");
    }

    function take(Vm.Log calldata entry) external {
        _chains[entry.emitter].take(entry);
    }

    /// @dev Alters one bit of a topic or of the data, but in the bytes of seq's and head's words that carry nothing.
    function _flip(Vm.Log memory entry, uint256 seed) private pure {
        uint256 bit = seed >> 16;
        if (seed % 2 == 0) {
            entry.topics[(seed >> 1) % entry.topics.length] ^= bytes32(1 << (bit % 256));
            return;
        }
        uint256 size = entry.data.length - 0x40;
        uint256 place = (seed >> 1) % (size + 0x20);
        // Past the arguments: the head's 24 bytes, which begin its word.
        if (place >= size) place = size + 0x20 + (place - size) % 24;
        entry.data[place] ^= bytes1(uint8(1 << (bit % 8)));
    }
}
