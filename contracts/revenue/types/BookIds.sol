// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {AgreementId} from "../../shared/types/Ids.sol";

/// @notice The book of an agreement in a token: `keccak256(abi.encode(agreement, token))`.
type BookId is bytes32;

/// @notice A total that is split: the whole book's id, or of one of its periods `keccak256(abi.encode(book, period))`.
type TotalId is bytes32;

using {whole, inPeriod} for BookId global;

/// @notice The id of an agreement's book in a token.
function bookIdOf(AgreementId agreement, address token) pure returns (BookId) {
    return BookId.wrap(Hashes.efficientKeccak256(AgreementId.unwrap(agreement), bytes32(uint256(uint160(token)))));
}

/// @notice The total of a book without periods.
function whole(BookId book) pure returns (TotalId) {
    return TotalId.wrap(BookId.unwrap(book));
}

/// @notice The total of one of the book's periods, counted from 0.
function inPeriod(BookId book, uint256 period) pure returns (TotalId) {
    return TotalId.wrap(Hashes.efficientKeccak256(BookId.unwrap(book), bytes32(period)));
}
