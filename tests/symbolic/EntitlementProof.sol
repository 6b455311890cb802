// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tranche, WHOLE} from "../../contracts/agreements/types/Terms.sol";
import {Entitlement} from "../../contracts/revenue/libraries/Entitlement.sol";

/// @title What {Entitlement.earned} is worth, proved for every input of the stated widths
/// @notice `make prove` gives each `check_` function symbols for its arguments and shows that no values of them make an
/// `assert` fail. The library is the contracts' own, compiled with the contracts' settings. The claims of SECURITY.md
/// follow in steps, because no solver takes a product, a quotient and a sum over payees at once:
/// - floor: what is earned is the floor of the weighted bands, for one to four tranches;
/// - bands: each tranche's band is counted once and none is lost, at the boundaries too;
/// - growth: floor, and each band and each product only grow, so what is earned never falls;
/// - sum: floor, and the weights of one whole, so that for any number of payees (by induction, one payee at a time) the
///   sum is at most `released` and more than `released` less their number.
/// @dev Unchecked, because a sum that overflowed would have to show up as a wrong result, not as a revert that the
/// prover passes over.
contract EntitlementProof {
    // -- floor -------------------------------------------------------------------------------------------------------

    /// @notice one tranche: earned is the floor of the weighted band
    /// @custom:halmos --array-lengths tranches=1,weights=1
    /// @custom:widths released 128 bits, weight 0 to 1e18
    function check_floor_ofOneTranche(Tranche[] calldata tranches, uint64[] calldata weights, uint128 released)
        external
        pure
    {
        _checkFloor(tranches, weights, released);
    }

    /// @notice two tranches: earned is the floor of the sum of the weighted bands
    /// @custom:halmos --array-lengths tranches=2,weights=2
    /// @custom:widths released 128 bits, boundaries 256 bits, weights 0 to 1e18
    function check_floor_ofTwoTranches(Tranche[] calldata tranches, uint64[] calldata weights, uint128 released)
        external
        pure
    {
        _checkFloor(tranches, weights, released);
    }

    /// @notice three tranches: earned is the floor of the sum of the weighted bands
    /// @custom:halmos --array-lengths tranches=3,weights=3
    /// @custom:widths released 128 bits, boundaries 256 bits, weights 0 to 1e18
    function check_floor_ofThreeTranches(Tranche[] calldata tranches, uint64[] calldata weights, uint128 released)
        external
        pure
    {
        _checkFloor(tranches, weights, released);
    }

    /// @notice four tranches: earned is the floor of the sum of the weighted bands
    /// @custom:halmos --array-lengths tranches=4,weights=4
    /// @custom:widths released 128 bits, boundaries 256 bits, weights 0 to 1e18
    function check_floor_ofFourTranches(Tranche[] calldata tranches, uint64[] calldata weights, uint128 released)
        external
        pure
    {
        _checkFloor(tranches, weights, released);
    }

    /// @notice no tranche stands for the single unbounded one
    /// @custom:halmos --array-lengths none=0,single=1,weights=1
    /// @custom:widths released 128 bits, weight 0 to 1e18
    function check_floor_ofNoTrancheIsThatOfTheSingleOne(
        Tranche[] calldata none,
        Tranche[] calldata single,
        uint64[] calldata weights,
        uint128 released
    ) external pure {
        _assumeBoundaries(single);
        _assumeWeights(weights);
        assert(Entitlement.earned(none, weights, released) == Entitlement.earned(single, weights, released));
    }

    // -- bands -------------------------------------------------------------------------------------------------------

    /// @notice whole weights: earned is exactly the length of the bands that they pick, none counted twice or lost
    /// @custom:halmos --array-lengths tranches=3,weights=3
    /// @custom:widths three tranches, released 128 bits, boundaries 256 bits
    function check_bands_areExact(Tranche[] calldata tranches, uint64[] calldata weights, uint128 released)
        external
        pure
    {
        _assumeBoundaries(tranches);
        uint256 picked;
        unchecked {
            for (uint256 k; k < weights.length; ++k) {
                _assume(weights[k] == 0 || weights[k] == WHOLE);
                if (weights[k] == WHOLE) picked += _band(tranches, k, released);
            }
        }
        assert(Entitlement.earned(tranches, weights, released) == picked);
    }

    /// @notice the bands' lengths sum to what was released
    /// @custom:halmos --array-lengths tranches=4
    /// @custom:widths four tranches, released 128 bits, boundaries 256 bits
    function check_bands_sumToWhatWasReleased(Tranche[] calldata tranches, uint128 released) external pure {
        _assumeBoundaries(tranches);
        uint256 sum;
        unchecked {
            for (uint256 k; k < tranches.length; ++k) {
                sum += _band(tranches, k, released);
            }
        }
        assert(sum == released);
    }

    /// @notice a boundary with one weight on both sides splits nothing: the two parts weigh what the band weighs
    /// @custom:widths parts 127 bits each, weight 0 to 1e18
    function check_bands_aBoundarySplitsExactly(uint128 below, uint128 above, uint64 weight) external pure {
        _assume(below < 1 << 127 && above < 1 << 127 && weight <= WHOLE);
        unchecked {
            assert(uint256(below) * weight + uint256(above) * weight == uint256(below + above) * weight);
        }
    }

    // -- growth ------------------------------------------------------------------------------------------------------

    /// @notice each band only grows as more is released
    /// @custom:halmos --array-lengths tranches=4
    /// @custom:widths four tranches, released 128 bits, boundaries 256 bits
    function check_growth_ofEachBand(Tranche[] calldata tranches, uint128 released, uint128 later) external pure {
        _assumeBoundaries(tranches);
        _assume(released <= later);
        for (uint256 k; k < tranches.length; ++k) {
            assert(_band(tranches, k, released) <= _band(tranches, k, later));
        }
    }

    /// @notice a product of a longer band and the same weight is no smaller
    /// @custom:widths bands 128 bits, weight 0 to 1e18
    function check_growth_ofEachProduct(uint128 band, uint128 longer, uint64 weight) external pure {
        _assume(band <= longer && weight <= WHOLE);
        unchecked {
            assert(uint256(band) * weight <= uint256(longer) * weight);
        }
    }

    /// @notice hence, of two floors, that of the larger sum is no smaller: what is earned never falls
    /// @custom:widths earned 128 bits, weighted sums 192 bits
    function check_growth_ofTheFloor(uint128 earned, uint128 later, uint192 weighted, uint192 weightedLater)
        external
        pure
    {
        _assume(weighted <= weightedLater);
        _assume(_isFloor(earned, weighted) && _isFloor(later, weightedLater));
        assert(earned <= later);
    }

    /// @notice one tranche, in one step: what is earned never falls
    /// @custom:halmos --array-lengths tranches=1,weights=1
    /// @custom:widths released 128 bits, weight 0 to 1e18
    function check_growth_ofWhatIsEarned(
        Tranche[] calldata tranches,
        uint64[] calldata weights,
        uint128 released,
        uint128 later
    ) external pure {
        _assumeBoundaries(tranches);
        _assumeWeights(weights);
        _assume(released <= later);
        assert(Entitlement.earned(tranches, weights, released) <= Entitlement.earned(tranches, weights, later));
    }

    // -- sum ---------------------------------------------------------------------------------------------------------

    /// @notice two payees' products of a band are the band's product with both weights: all weights make one whole
    /// @custom:widths band 128 bits, weights 0 to 1e18
    function check_sum_ofTwoWeightsOfABand(uint128 band, uint64 one, uint64 other) external pure {
        _assume(one <= WHOLE && other <= WHOLE);
        unchecked {
            assert(uint256(band) * one + uint256(band) * other == uint256(band) * (uint256(one) + other));
        }
    }

    /// @notice one payee more: if n payees' sum is at most, and lacks less than n of, their weighted sum, so is n + 1's
    /// @custom:widths sums of earned 128 bits, weighted sums 192 bits, n 64 bits
    function check_sum_ofOnePayeeMore(uint128 sum, uint192 weighted, uint64 n, uint128 earned, uint192 itsWeighted)
        external
        pure
    {
        unchecked {
            _assume(uint256(weighted) + itsWeighted < 1 << 192 && uint256(sum) + earned < 1 << 128);
            _assume(_isWithin(sum, weighted, n) && _isFloor(earned, itsWeighted));
            assert(_isWithin(uint256(sum) + earned, uint256(weighted) + itsWeighted, uint256(n) + 1));
        }
    }

    /// @notice hence, weighted sums making `released` wholes: sum <= released and sum > released - payees
    /// @custom:widths released and sum 128 bits, payees 1 to 2^64
    function check_sum_isReleasedLessACarryBelowThePayees(uint128 sum, uint64 payees, uint128 released) external pure {
        _assume(payees > 0);
        unchecked {
            _assume(_isWithin(sum, released * WHOLE, payees));
            assert(sum <= released);
            assert(uint256(sum) + payees > released);
        }
    }

    // -- the definitions ---------------------------------------------------------------------------------------------

    function _checkFloor(Tranche[] calldata tranches, uint64[] calldata weights, uint256 released) private pure {
        _assumeBoundaries(tranches);
        _assumeWeights(weights);
        uint256 weighted;
        unchecked {
            for (uint256 k; k < tranches.length; ++k) {
                weighted += _band(tranches, k, released) * weights[k];
            }
        }
        assert(_isFloor(Entitlement.earned(tranches, weights, released), weighted));
    }

    /// @dev `|[0, released] ∩ tranche k|`
    function _band(Tranche[] calldata tranches, uint256 k, uint256 released) private pure returns (uint256) {
        uint256 from = k == 0 ? 0 : _least(tranches[k - 1].upTo, released);
        unchecked {
            return _least(tranches[k].upTo, released) - from;
        }
    }

    function _least(uint256 boundary, uint256 released) private pure returns (uint256) {
        return boundary < released ? boundary : released;
    }

    /// @dev Whether `earned` wholes fit into the weighted sum, and one more does not.
    function _isFloor(uint256 earned, uint256 weighted) private pure returns (bool) {
        return _isWithin(earned, weighted, 1);
    }

    /// @dev Whether `sum` wholes fit into the weighted sum, and `n` more do not.
    function _isWithin(uint256 sum, uint256 weighted, uint256 n) private pure returns (bool) {
        unchecked {
            return sum * WHOLE <= weighted && weighted < (sum + n) * WHOLE;
        }
    }

    /// @dev Strictly ascending from above zero, the last one unbounded: what {TermsRules} demands.
    function _assumeBoundaries(Tranche[] calldata tranches) private pure {
        uint256 last;
        for (uint256 k; k < tranches.length; ++k) {
            _assume(tranches[k].upTo > last);
            last = tranches[k].upTo;
        }
        _assume(last == type(uint256).max);
    }

    function _assumeWeights(uint64[] calldata weights) private pure {
        for (uint256 k; k < weights.length; ++k) {
            _assume(weights[k] <= WHOLE);
        }
    }

    /// @dev A path that reverts without a word is left out of the proof.
    function _assume(bool condition) private pure {
        if (!condition) {
            assembly {
                revert(0, 0)
            }
        }
    }
}
