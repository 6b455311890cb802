// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {DealId, ProgrammeId} from "../../shared/types/Ids.sol";
import {Retag} from "../types/Deals.sol";

/// @title How deals follow when their programme's key is replaced
/// @notice A deal is tagged again until the grace of the new epoch ends, and keeps its priority. One that is not is over: it
/// is neither approved, extended nor won, and holds nothing; its customer can be registered anew. Won deals hold their
/// customers for good: they can be tagged again at any time, and until all are, nobody is approved under a newer key. Under
/// the open rule, by which nobody is kept off, none of this applies.
interface IDealEpochs {
    /// @notice The deal was tagged again, under its programme's newest key.
    /// @param by who did: its account, or the vendor of a won deal
    /// @param rival the first live registration of the same customer in the new epoch; 0 when none
    event DealRetagged(
        DealId indexed deal, address indexed by, uint32 epoch, bytes32 tag, DealId rival, uint64 seq, bytes24 head
    );

    /// @notice The deal's tag is of the newest epoch, or the time for tagging again is over.
    error RetagInvalid(DealId deal);
    /// @notice The programme's key was replaced: the deal is tagged again first, which can be done until the grace ends.
    error NotTaggedAgain(DealId deal, uint32 epoch, uint32 newest);
    /// @notice An earlier commitment may still be revealed, or an earlier epoch's deal tagged again.
    error DecisionTooEarly(DealId deal, uint256 notBefore);
    /// @notice So many won deals have yet to be tagged again, and one of them may hold the very customer.
    error WonDealsBehind(ProgrammeId programme, uint256 count);

    /// @notice How many won deals of a programme have yet to be tagged under its newest key.
    function wonBehind(ProgrammeId programme) external view returns (uint256);

    /// @notice Tags a deal again under its programme's newest key, until the grace of its epoch ends; it keeps its priority.
    /// Called by the account's wallet. Until the grace ends the vendor can reject it, approved or not, should the new tag be
    /// another customer's. Won deals, which cannot be rejected, are tagged again by their vendor alone ({retagWon}).
    /// @dev Reverts {NotTheWallet}, {NotTheRegistrant}, {WrongState}, {RetagInvalid}, {AlreadyRegistered}.
    function retag(address account, DealId deal, bytes32 tag) external;

    /// @notice The signed form of {retag}: `Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)`.
    function retagWithAuthorization(address account, DealId deal, bytes32 tag, Authorization calldata authorization)
        external;

    /// @notice Tags won deals again under their programmes' newest keys, at any time. Called by their vendor's wallet.
    /// @dev Reverts {NotTheWallet}, {NotTheVendor}, {WrongState}, {RetagInvalid}.
    function retagWon(address vendor, Retag[] calldata retags) external;

    /// @notice The signed form of {retagWon}: `RetagWonDeals(address vendor,bytes32[] dealsAndTags,uint256 nonce,uint256
    /// deadline)`: each deal with its tag behind it.
    function retagWonWithAuthorization(address vendor, Retag[] calldata retags, Authorization calldata authorization)
        external;
}
