// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

// Where each field of {Terms} lies in its encoded head, in bytes; of a list or text it is the word that says where that
// begins. A test compares them with `abi.encode`.

uint256 constant PARTIES_AT = 0x00;
uint256 constant PAYEES_AT = 0x20;
uint256 constant TRANCHES_AT = 0x40;
uint256 constant LIST_ROOT_AT = 0x60;
uint256 constant LIST_HASH_AT = 0x80;
uint256 constant LIST_COUNT_AT = 0xa0;
uint256 constant TOKENS_AT = 0xc0;
uint256 constant PROGRAMME_AT = 0xe0;
uint256 constant TERRITORIES_AT = 0x100;
uint256 constant DECISION_SECONDS_AT = 0x120;
uint256 constant EXCLUSIVITY_SECONDS_AT = 0x140;
uint256 constant HOLD_SECONDS_AT = 0x160;
uint256 constant PAYMENT_SECONDS_AT = 0x180;
uint256 constant CLAWBACK_AT = 0x1a0;
uint256 constant ARBITER_AT = 0x1c0;
uint256 constant VALID_FROM_AT = 0x1e0;
uint256 constant VALID_UNTIL_AT = 0x200;
uint256 constant NOTICE_SECONDS_AT = 0x220;
uint256 constant AFTER_END_AT = 0x240;
uint256 constant PREDECESSOR_AT = 0x260;
uint256 constant DOCUMENT_HASH_AT = 0x280;
uint256 constant URI_AT = 0x2a0;
uint256 constant SALT_AT = 0x2c0;
/// @dev The head's length: what the first part begins at.
uint256 constant HEAD_SIZE = 0x2e0;

/// @dev Of a tranche's two words, behind the list's length.
uint256 constant TRANCHE_SIZE = 0x40;
/// @dev Where a tranche's `periodSeconds` lies in it.
uint256 constant PERIOD_SECONDS_AT = 0x20;

// The lists' and the text's numbers among the fields.

uint256 constant PARTIES_FIELD = 0;
uint256 constant PAYEES_FIELD = 1;
uint256 constant TRANCHES_FIELD = 2;
uint256 constant TOKENS_FIELD = 6;
uint256 constant TERRITORIES_FIELD = 8;
uint256 constant URI_FIELD = 21;
