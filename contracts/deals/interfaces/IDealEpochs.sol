// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authorization} from "../../shared/types/Authorization.sol";
import {DealId} from "../../shared/types/Ids.sol";

/// @title How deals follow when their programme's key is replaced
/// @notice A deal is tagged again until the grace of the new epoch ends, and keeps its priority.
interface IDealEpochs {
    /// @notice The deal was tagged again, under its programme's newest key.
    /// @param rival the first live registration of the same customer in the new epoch; 0 when none
    event DealRetagged(
        DealId indexed deal, address indexed account, uint32 epoch, bytes32 tag, DealId rival, uint64 seq, bytes24 head
    );

    /// @notice The deal's tag is of the newest epoch, or the time for tagging again is over.
    error RetagInvalid(DealId deal);
    /// @notice An earlier commitment may still be revealed, or an earlier epoch's deal tagged again.
    error DecisionTooEarly(DealId deal, uint256 notBefore);

    /// @notice The action that a vendor consents to before a won deal is tagged again: the hash of `RetagWon(bytes32
    /// deal,bytes32 tag)`.
    function retagAction(DealId deal, bytes32 tag) external pure returns (bytes32);

    /// @notice Tags a deal again under its programme's newest key, until the grace of its epoch ends; it keeps its priority.
    /// Called by the account's wallet. Until the grace ends the vendor can reject it, approved or not, should the new tag be
    /// another customer's. A won deal holds its customer for good, so its vendor must have consented to the very tag
    /// ({retagAction}), or be who carries the signed form.
    /// @dev Reverts {NotTheWallet}, {NotTheRegistrant}, {WrongState}, {RetagInvalid}, {ConsentMissing}, {AlreadyRegistered}.
    function retag(address account, DealId deal, bytes32 tag) external;

    /// @notice The signed form of {retag}: `Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)`.
    function retagWithAuthorization(address account, DealId deal, bytes32 tag, Authorization calldata authorization)
        external;
}
