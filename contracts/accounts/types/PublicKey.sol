// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @notice A point of the curve P-256: what is public of a passkey, or of a recovery key.
struct PublicKey {
    bytes32 x;
    bytes32 y;
}

/// @notice The two keys of an account. Its address follows from them.
/// @param passkey signs for the account
/// @param recovery can put another passkey in the place of a lost one, and nothing else
struct KeyPair {
    PublicKey passkey;
    PublicKey recovery;
}

/// @notice The point is not on the curve.
error KeyInvalid(bytes32 x, bytes32 y);
/// @notice One key cannot be both: whoever loses it would have lost the other.
error KeysAlike(bytes32 x);

/// @notice Reverts unless both are keys, and not the same one. Two points with one x have one secret but for its sign.
function requireUsable(KeyPair memory keys) pure {
    if (!P256.isValidPublicKey(keys.passkey.x, keys.passkey.y)) revert KeyInvalid(keys.passkey.x, keys.passkey.y);
    if (!P256.isValidPublicKey(keys.recovery.x, keys.recovery.y)) revert KeyInvalid(keys.recovery.x, keys.recovery.y);
    if (keys.passkey.x == keys.recovery.x) revert KeysAlike(keys.passkey.x);
}
