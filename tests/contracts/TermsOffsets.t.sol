// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    AFTER_END_AT,
    ARBITER_AT,
    CLAWBACK_AT,
    DECISION_SECONDS_AT,
    DOCUMENT_HASH_AT,
    EXCLUSIVITY_SECONDS_AT,
    HEAD_SIZE,
    HOLD_SECONDS_AT,
    LIST_COUNT_AT,
    LIST_HASH_AT,
    LIST_ROOT_AT,
    NOTICE_SECONDS_AT,
    PARTIES_AT,
    PARTIES_FIELD,
    PAYEES_AT,
    PAYEES_FIELD,
    PAYMENT_SECONDS_AT,
    PERIOD_SECONDS_AT,
    PREDECESSOR_AT,
    PROGRAMME_AT,
    SALT_AT,
    TERRITORIES_AT,
    TERRITORIES_FIELD,
    TOKENS_AT,
    TOKENS_FIELD,
    TRANCHE_SIZE,
    TRANCHES_AT,
    TRANCHES_FIELD,
    URI_AT,
    URI_FIELD,
    VALID_FROM_AT,
    VALID_UNTIL_AT
} from "../../contracts/agreements/libraries/TermsOffsets.sol";
import {Payee, Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {AgreementId, ProgrammeId} from "../../contracts/shared/types/Ids.sol";
import {vm} from "./support/Vm.sol";

/// @title The named offsets of the terms' fields are those of Solidity's own encoder
contract TermsOffsetsTest {
    /// @dev Each field has a value of its own, made from the seed; the lists differ in length.
    function testFuzz_offsets_areThoseOfTheEncoder(bytes32 seed) public pure {
        Terms memory terms = _termsOf(seed);
        bytes memory data = abi.encode(terms);
        _isList(data, PARTIES_AT, terms.parties.length);
        _isList(data, PAYEES_AT, terms.payees.length);
        _isList(data, TRANCHES_AT, terms.tranches.length);
        vm.assertEq(_word(data, LIST_ROOT_AT), terms.listRoot);
        vm.assertEq(_word(data, LIST_HASH_AT), terms.listHash);
        _is(data, LIST_COUNT_AT, terms.listCount);
        _isList(data, TOKENS_AT, terms.tokens.length);
        vm.assertEq(_word(data, PROGRAMME_AT), ProgrammeId.unwrap(terms.programme));
        _isList(data, TERRITORIES_AT, terms.territories.length);
        _is(data, DECISION_SECONDS_AT, terms.decisionSeconds);
        _is(data, EXCLUSIVITY_SECONDS_AT, terms.exclusivitySeconds);
        _is(data, HOLD_SECONDS_AT, terms.holdSeconds);
        _is(data, PAYMENT_SECONDS_AT, terms.paymentSeconds);
        _is(data, CLAWBACK_AT, terms.clawback);
        _is(data, ARBITER_AT, uint160(terms.arbiter));
        _is(data, VALID_FROM_AT, terms.validFrom);
        _is(data, VALID_UNTIL_AT, terms.validUntil);
        _is(data, NOTICE_SECONDS_AT, terms.noticeSeconds);
        _is(data, AFTER_END_AT, terms.afterEnd);
        vm.assertEq(_word(data, PREDECESSOR_AT), AgreementId.unwrap(terms.predecessor));
        vm.assertEq(_word(data, DOCUMENT_HASH_AT), terms.documentHash);
        _isList(data, URI_AT, bytes(terms.uri).length);
        vm.assertEq(_word(data, SALT_AT), terms.salt);
        // The first part follows the head; a tranche's words follow the list's length.
        _is(data, PARTIES_AT, HEAD_SIZE);
        uint256 first = uint256(_word(data, TRANCHES_AT)) + 0x20;
        for (uint256 i; i < terms.tranches.length; ++i) {
            _is(data, first + i * TRANCHE_SIZE, terms.tranches[i].upTo);
            _is(data, first + i * TRANCHE_SIZE + PERIOD_SECONDS_AT, terms.tranches[i].periodSeconds);
        }
    }

    function test_offsets_areTheFieldsNumbersInBytes() public pure {
        vm.assertEq(PARTIES_FIELD * 0x20, PARTIES_AT);
        vm.assertEq(PAYEES_FIELD * 0x20, PAYEES_AT);
        vm.assertEq(TRANCHES_FIELD * 0x20, TRANCHES_AT);
        vm.assertEq(TOKENS_FIELD * 0x20, TOKENS_AT);
        vm.assertEq(TERRITORIES_FIELD * 0x20, TERRITORIES_AT);
        vm.assertEq(URI_FIELD * 0x20, URI_AT);
    }

    function _termsOf(bytes32 seed) private pure returns (Terms memory terms) {
        terms.parties = new address[](1);
        terms.payees = new Payee[](2);
        terms.tranches = new Tranche[](3);
        for (uint256 i; i < 3; ++i) {
            terms.tranches[i] = Tranche(uint256(_from(seed, 30 + i)), uint32(uint256(_from(seed, 40 + i))));
        }
        (terms.listRoot, terms.listHash) = (_from(seed, 1), _from(seed, 2));
        terms.listCount = uint32(uint256(_from(seed, 3)));
        terms.tokens = new address[](4);
        terms.programme = ProgrammeId.wrap(_from(seed, 4));
        terms.territories = new bytes32[](5);
        terms.decisionSeconds = uint32(uint256(_from(seed, 5)));
        terms.exclusivitySeconds = uint32(uint256(_from(seed, 6)));
        terms.holdSeconds = uint32(uint256(_from(seed, 7)));
        terms.paymentSeconds = uint32(uint256(_from(seed, 8)));
        terms.clawback = uint8(uint256(_from(seed, 9)));
        terms.arbiter = address(uint160(uint256(_from(seed, 10))));
        terms.validFrom = uint40(uint256(_from(seed, 11)));
        terms.validUntil = uint40(uint256(_from(seed, 12)));
        terms.noticeSeconds = uint32(uint256(_from(seed, 13)));
        terms.afterEnd = uint8(uint256(_from(seed, 14)));
        terms.predecessor = AgreementId.wrap(_from(seed, 15));
        terms.documentHash = _from(seed, 16);
        terms.uri = "seven b";
        terms.salt = _from(seed, 17);
    }

    function _from(bytes32 seed, uint256 field) private pure returns (bytes32) {
        return keccak256(abi.encode(seed, field));
    }

    function _is(bytes memory data, uint256 place, uint256 value) private pure {
        vm.assertEq(uint256(_word(data, place)), value);
    }

    /// @dev The word says where the list begins; its length is there.
    function _isList(bytes memory data, uint256 place, uint256 length) private pure {
        _is(data, uint256(_word(data, place)), length);
    }

    /// @dev A word of the terms, which begin behind the word that says where.
    function _word(bytes memory data, uint256 place) private pure returns (bytes32 word) {
        assembly {
            word := mload(add(add(data, 0x40), place))
        }
    }
}
