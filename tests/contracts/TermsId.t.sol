// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {AgreementId, ProgrammeId} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {Vm, bound, vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

/// @dev The id of terms is the EIP-712 digest of all that they say, and they can be written in one way only.
contract TermsIdTest is World {
    uint256 private constant HEAD = 0x20; // of the call: where its one argument begins

    function _ordinary() private view returns (Terms memory) {
        return _terms(_partners(3));
    }

    // -- every field counts ------------------------------------------------------------------------------------------

    function testFuzz_attack_sameIdWithDifferentUnboundFields_everyFieldCounts(uint256 field, bytes32 value)
        public
        view
    {
        Terms memory terms = _ordinary();
        AgreementId before = agreements.agreementId(terms);
        _change(terms, bound(field, 0, 23), value);
        AgreementId id = agreements.agreementId(terms);
        assertSame(id, Plans.id(terms, address(agreements)));
        vm.assertTrue((id == before) == (keccak256(abi.encode(terms)) == keccak256(abi.encode(_ordinary()))));
    }

    /// @dev Payees stay in order and their weights whole: of others there is no id.
    function _change(Terms memory terms, uint256 field, bytes32 value) private pure {
        uint256 number = uint256(value);
        address account = address(uint160(number));
        if (field == 0) terms.parties[1] = account;
        if (field == 1) {
            terms.payees[2].account =
                address(uint160(bound(uint160(number), uint160(terms.payees[2].account), type(uint160).max)));
        }
        if (field == 2) {
            terms.payees[1].weights[0] += uint64(number % terms.payees[0].weights[0]);
            terms.payees[0].weights[0] -= uint64(number % terms.payees[0].weights[0]);
        }
        if (field == 3) terms.tranches[0].upTo = number;
        if (field == 4) terms.tranches[0].periodSeconds = uint32(number);
        if (field == 5) terms.listRoot = value;
        if (field == 6) terms.listHash = value;
        if (field == 7) terms.listCount = uint32(number);
        if (field == 8) terms.tokens[0] = account;
        if (field == 9) terms.programme = ProgrammeId.wrap(value);
        if (field == 10) (terms.territories = new bytes32[](1))[0] = value;
        if (field == 11) terms.decisionSeconds = uint32(number);
        if (field == 12) terms.exclusivitySeconds = uint32(number);
        if (field == 13) terms.holdSeconds = uint32(number);
        if (field == 14) terms.paymentSeconds = uint32(number);
        if (field == 15) terms.clawback = uint8(number);
        if (field == 16) terms.arbiter = account;
        if (field == 17) terms.validFrom = uint40(number);
        if (field == 18) terms.validUntil = uint40(number);
        if (field == 19) terms.noticeSeconds = uint32(number);
        if (field == 20) terms.afterEnd = uint8(number);
        if (field == 21) terms.predecessor = AgreementId.wrap(value);
        if (field == 22) terms.documentHash = value;
        if (field == 23) (terms.uri, terms.salt) = (vm.toString(number), value);
    }

    /// @dev Lists of any length, tranches and long texts included: the shapes of later versions have ids already.
    function testFuzz_agreementId_ofTermsOfAnyShape(uint256 seed) public view {
        Terms memory terms = _anyShape(seed);
        assertSame(agreements.agreementId(terms), Plans.id(terms, address(agreements)));
    }

    /// @dev What is put in force is bound by the root, and written out in the event, whatever its shape.
    function testFuzz_activate_bindsAndWritesOutTermsOfAnyShape(uint256 seed) public {
        Terms memory terms = _activatable(seed);
        vm.recordLogs();
        AgreementId agreement = agreements.activate(terms, _nobody(terms));
        assertSame(agreement, Plans.id(terms, address(agreements)));
        assertSame(agreement, Plans.id(terms, address(agreements)));
        Terms memory written = _writtenOut(agreement);
        vm.assertEq(keccak256(abi.encode(written)), keccak256(abi.encode(terms)));
    }

    /// @dev The terms in the newest event.
    function _writtenOut(AgreementId agreement) private returns (Terms memory terms) {
        Vm.Log memory entry = vm.getRecordedLogs()[0];
        assertSame(entry.topics[1], agreement);
        (terms,,) = abi.decode(entry.data, (Terms, uint64, bytes24));
    }

    /// @dev Terms that this test's contract puts in force by calling: it is their only party.
    function _activatable(uint256 seed) private view returns (Terms memory terms) {
        terms = _anyShape(seed);
        terms.parties = new address[](1);
        terms.parties[0] = address(this);
        terms.payees = _equalShares(_someAccounts(seed, "payees", 9));
        terms.tranches = _ordinary().tranches;
        terms.territories = new bytes32[](0);
    }

    function _anyShape(uint256 seed) private view returns (Terms memory terms) {
        terms = _terms(_someAccounts(seed, "parties", 5), _equalShares(_someAccounts(seed, "payees", 9)));
        terms.tokens = _someAccounts(seed, "tokens", 4);
        terms.tranches = new Tranche[](1 + seed % 4);
        for (uint256 k; k < terms.tranches.length; ++k) {
            terms.tranches[k] = Tranche(uint256(keccak256(abi.encode(seed, k))), uint32(seed >> 224));
        }
        for (uint256 i; i < terms.payees.length; ++i) {
            uint64 weight = terms.payees[i].weights[0];
            terms.payees[i].weights = new uint64[](terms.tranches.length);
            for (uint256 k; k < terms.tranches.length; ++k) {
                terms.payees[i].weights[k] = weight;
            }
        }
        terms.territories = new bytes32[](seed % 3);
        for (uint256 i; i < terms.territories.length; ++i) {
            terms.territories[i] = keccak256(abi.encode(seed, "territory", i));
        }
        bytes memory uri = new bytes(seed % 301);
        for (uint256 i; i < uri.length; ++i) {
            uri[i] = bytes1(uint8(97 + i % 26));
        }
        terms.uri = string(uri);
    }

    function _someAccounts(uint256 seed, string memory kind, uint256 most)
        private
        pure
        returns (address[] memory accounts)
    {
        uint160 last;
        accounts = new address[](1 + uint256(keccak256(abi.encode(seed, kind))) % most);
        for (uint256 i; i < accounts.length; ++i) {
            last += 1 + uint160(uint256(keccak256(abi.encode(seed, kind, i)))) / 16;
            accounts[i] = address(last);
        }
    }

    // -- one way to write them ---------------------------------------------------------------------------------------

    /// @dev The encoded terms with one of their words replaced.
    function _idOf(bytes memory encoded) private view returns (bool known, bytes32 id) {
        bytes memory answer;
        (known, answer) = address(agreements).staticcall(bytes.concat(IActivation.agreementId.selector, encoded));
        if (known) id = abi.decode(answer, (bytes32));
    }

    function _replace(bytes memory encoded, uint256 place, uint256 word) private pure {
        assembly {
            mstore(add(add(encoded, 0x20), place), word)
        }
    }

    function _wordAt(bytes memory encoded, uint256 place) private pure returns (uint256 word) {
        assembly {
            word := mload(add(add(encoded, 0x20), place))
        }
    }

    /// @dev Replaces one word of the terms, from `start` on: by anything, by itself but for a bit (that of 32 above all,
    /// since all offsets are multiples of it), or by something small.
    function _mutate(bytes memory encoded, uint256 start, uint256 words, uint256 seed, uint256 value) private pure {
        uint256 place = start + 0x20 * ((seed >> 128) % words);
        uint256 kind = (seed >> 120) % 4;
        if (kind == 1) value = _wordAt(encoded, place) ^ (1 << (value % 256));
        if (kind == 2) value = _wordAt(encoded, place) ^ 0x20;
        if (kind == 3) value = value % (encoded.length + 0x40);
        _replace(encoded, place, value);
    }

    function decode(bytes calldata encoded) external pure returns (Terms memory) {
        return abi.decode(encoded, (Terms));
    }

    /// @dev Whatever one word is replaced by, either there is no id, or it is that of the terms as anyone decodes them,
    /// and they are written as anyone would write them. (What lies beyond the end reads as zero. Parties, tokens and
    /// periods with bits beyond their width have an id, but see the next test.)
    function testFuzz_attack_encodePackedCollisions_noTwoWritingsOfTheSameTerms(uint256 seed, uint256 value)
        public
        view
    {
        bytes memory encoded = abi.encode(_anyShape(seed));
        _mutate(encoded, HEAD, encoded.length / 0x20 - 1, seed, value);
        (bool known, bytes32 id) = _idOf(encoded);
        if (!known) return;
        bytes memory padded = bytes.concat(encoded, new bytes(10_000));
        try this.decode(padded) returns (Terms memory terms) {
            bytes memory rewritten = abi.encode(terms);
            for (uint256 k; k < rewritten.length; k += 0x20) {
                vm.assertEq(_wordAt(rewritten, k), _wordAt(padded, k));
            }
            _requireId(AgreementId.wrap(id), terms);
        } catch {}
    }

    /// @dev Whatever one word is replaced by, what is put in force is what anyone decodes from the event, under its id.
    function testFuzz_consent_activate_whatIsWrittenOutIsWhatWasSigned(uint256 seed, uint256 value) public {
        Terms memory terms = _activatable(seed);
        bytes memory encoded = abi.encode(terms, _nobody(terms));
        _mutate(encoded, 0x40, abi.encode(terms).length / 0x20 - 1, seed, value);
        vm.recordLogs();
        (bool done, bytes memory answer) =
            address(agreements).call(bytes.concat(IActivation.activate.selector, encoded));
        if (!done) return;
        AgreementId agreement = abi.decode(answer, (AgreementId));
        Terms memory written = _writtenOut(agreement);
        _requireId(agreement, written);
    }

    /// @dev Forge's encoder does not take text that is no UTF-8, the contracts take any bytes: left out here.
    function _requireId(AgreementId id, Terms memory terms) private view {
        bytes memory text = bytes(terms.uri);
        for (uint256 i; i < text.length; ++i) {
            if (text[i] > 0x7f) return;
        }
        assertSame(id, Plans.id(terms, address(agreements)));
    }

    function _notCanonical(bytes memory encoded) private view {
        (bool known, bytes memory why) =
            address(agreements).staticcall(bytes.concat(IActivation.agreementId.selector, encoded));
        vm.assertFalse(known);
        vm.assertEq(keccak256(why), keccak256(abi.encodeWithSelector(IActivation.TermsNotCanonical.selector)));
    }

    /// @dev Fields: 5 to 18 of the head, those with a width. Of the others each bit counts.
    function test_agreementId_revertsWithTermsNotCanonical_forBitsBeyondAFieldsWidth() public view {
        uint256[11] memory fields = [uint256(5), 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
        uint256[11] memory widths = [uint256(32), 32, 32, 32, 32, 8, 160, 40, 40, 32, 8];
        for (uint256 i; i < fields.length; ++i) {
            bytes memory encoded = abi.encode(_ordinary());
            uint256 place = HEAD + 0x20 * fields[i];
            _replace(encoded, place, _wordAt(encoded, place) | (1 << widths[i]));
            _notCanonical(encoded);
            encoded = abi.encode(_ordinary());
            _replace(encoded, place, _wordAt(encoded, place) | (1 << 255));
            _notCanonical(encoded);
        }
    }

    function test_agreementId_revertsWithTermsNotCanonical_forAListSomewhereElse() public view {
        uint256[6] memory lists = [uint256(0), 1, 2, 6, 8, 21];
        for (uint256 i; i < lists.length; ++i) {
            // The same list, copied to the end, and pointed at there.
            bytes memory encoded = abi.encode(_ordinary());
            uint256 place = HEAD + 0x20 * lists[i];
            uint256 offset = _wordAt(encoded, place);
            uint256 size = encoded.length - HEAD - offset;
            bytes memory longer = bytes.concat(encoded, new bytes(size));
            for (uint256 k; k < size; k += 0x20) {
                _replace(longer, encoded.length + k, _wordAt(encoded, HEAD + offset + k));
            }
            _replace(longer, place, encoded.length - HEAD);
            _notCanonical(longer);
        }
    }

    function test_agreementId_revertsWithTermsNotCanonical_forAPayeeSomewhereElse() public view {
        Terms memory terms = _ordinary();
        bytes memory encoded = abi.encode(terms);
        uint256 payees = HEAD + _wordAt(encoded, HEAD + 0x20);
        uint256 first = _wordAt(encoded, payees + 0x20);
        _replace(encoded, payees + 0x20, _wordAt(encoded, payees + 0x40));
        _notCanonical(encoded);
        _replace(encoded, payees + 0x20, first);
        // The weights of the first payee, read elsewhere.
        _replace(encoded, payees + 0x20 + first + 0x20, 0x60);
        (bool known,) = _idOf(encoded);
        vm.assertFalse(known);
        _replace(encoded, payees + 0x20 + first + 0x20, 0x40);
        (known,) = _idOf(encoded);
        vm.assertTrue(known);
        // A payee's account, and a weight, with bits beyond their width.
        uint256 account = _wordAt(encoded, payees + 0x20 + first);
        _replace(encoded, payees + 0x20 + first, account | (1 << 160));
        _notCanonical(encoded);
        _replace(encoded, payees + 0x20 + first, account);
        _replace(encoded, payees + 0x20 + first + 0x60, 1 << 64);
        _notCanonical(encoded);
    }

    function test_agreementId_revertsWithTermsNotCanonical_forTextPaddedWithAnythingButZeros() public view {
        bytes memory encoded = abi.encode(_ordinary());
        encoded[encoded.length - 1] = 0x01;
        _notCanonical(encoded);
    }

    function test_activate_revertsForPartiesOrTokensWithBitsBeyondAnAddress() public {
        uint256[2] memory lists = [uint256(0), 6];
        for (uint256 i; i < 2; ++i) {
            Terms memory terms = _ordinary();
            bytes memory encoded = abi.encode(terms, _nobody(terms));
            uint256 last = 0x40 + _wordAt(encoded, 0x40 + 0x20 * lists[i]) + 0x20 * (i == 0 ? 3 : 1);
            _replace(encoded, last, _wordAt(encoded, last) | (1 << 160));
            (bool done,) = address(agreements).call(bytes.concat(IActivation.activate.selector, encoded));
            vm.assertFalse(done);
        }
    }
}
