// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tranche, WHOLE} from "../../agreements/types/Terms.sol";

/// @title What a payee has earned of a total
/// @notice The only arithmetic of shares there is.
library Entitlement {
    /// @notice The floor of `sum over k of weights[k] * |[0, released] ∩ tranche k| / 1e18`, floored once.
    /// @dev Never falls as `released` grows, and the payees' sum is at most `released` and greater than `released` less
    /// their number. (Rounding each payee's prefix of the shares instead is not monotone.)
    /// @param tranches none stands for the single unbounded one
    /// @param weights of 1e18, one per tranche
    /// @param released cumulative total in token base units, below 2^128
    function earned(Tranche[] calldata tranches, uint64[] calldata weights, uint256 released)
        internal
        pure
        returns (uint256)
    {
        uint256 weighted;
        if (tranches.length == 0) return released * weights[0] / WHOLE;
        uint256 from;
        for (uint256 k; k < tranches.length && released > from; ++k) {
            uint256 to = tranches[k].upTo < released ? tranches[k].upTo : released;
            // below 2^128 times below 2^64, and the bands are disjoint: no overflow
            unchecked {
                weighted += (to - from) * weights[k];
            }
            from = to;
        }
        return weighted / WHOLE;
    }
}
