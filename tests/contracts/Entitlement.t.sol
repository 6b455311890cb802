// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Tranche, WHOLE} from "../../contracts/agreements/types/Terms.sol";
import {Entitlement} from "../../contracts/revenue/libraries/Entitlement.sol";
import {bound, vm} from "./support/Vm.sol";

/// @dev The arithmetic is tested for several tranches already: the library is in its final shape.
contract EntitlementTest {
    uint256 private constant WHOLE = 1e18;

    function earned(Tranche[] calldata tranches, uint64[] calldata weights, uint256 released)
        external
        pure
        returns (uint256)
    {
        return Entitlement.earned(tranches, weights, released);
    }

    /// @dev Ascending boundaries below the limit, the last tranche unbounded.
    function _tranches(uint256 seed, uint256 count, uint256 limit) private pure returns (Tranche[] memory tranches) {
        tranches = new Tranche[](count);
        uint256 from;
        for (uint256 k; k + 1 < count; ++k) {
            from += 1 + uint256(keccak256(abi.encode(seed, "upTo", k))) % (limit / count);
            tranches[k].upTo = from;
        }
        tranches[count - 1].upTo = type(uint256).max;
    }

    /// @dev Weights per payee and tranche; in each tranche they sum to one whole.
    function _weights(uint256 seed, uint256 payees, uint256 tranches) private pure returns (uint64[][] memory weights) {
        weights = new uint64[][](payees);
        for (uint256 i; i < payees; ++i) {
            weights[i] = new uint64[](tranches);
        }
        for (uint256 k; k < tranches; ++k) {
            uint256 left = WHOLE;
            for (uint256 i; i + 1 < payees; ++i) {
                uint256 weight = uint256(keccak256(abi.encode(seed, i, k))) % (left + 1);
                weights[i][k] = uint64(weight);
                left -= weight;
            }
            weights[payees - 1][k] = uint64(left);
        }
    }

    /// @dev The definition, unit by unit: each unit of revenue is worth its tranche's weight.
    function _unitByUnit(Tranche[] memory tranches, uint64[] memory weights, uint256 released)
        private
        pure
        returns (uint256 weighted)
    {
        uint256 k;
        for (uint256 unit; unit < released; ++unit) {
            while (unit >= tranches[k].upTo) ++k;
            weighted += weights[k];
        }
        return weighted / WHOLE;
    }

    /// @dev The sum by parts: each boundary passed changes the weight of all that comes after it.
    function _byBoundaries(Tranche[] memory tranches, uint64[] memory weights, uint256 released)
        private
        pure
        returns (uint256)
    {
        int256 weighted = int256(uint256(weights[0])) * int256(released);
        for (uint256 k; k + 1 < tranches.length; ++k) {
            if (released <= tranches[k].upTo) break;
            int256 change = int256(uint256(weights[k + 1])) - int256(uint256(weights[k]));
            weighted += change * int256(released - tranches[k].upTo);
        }
        return uint256(weighted) / WHOLE;
    }

    function testFuzz_earned_equalsTheDefinitionUnitByUnit(uint256 seed, uint256 released) public view {
        released = bound(released, 0, 120);
        Tranche[] memory tranches = _tranches(seed, 1 + seed % 5, 100);
        uint64[] memory weights = _weights(seed, 2, tranches.length)[0];
        vm.assertEq(this.earned(tranches, weights, released), _unitByUnit(tranches, weights, released));
    }

    function testFuzz_earned_equalsTheSumByPartsForAnyTotal(uint256 seed, uint128 released) public view {
        Tranche[] memory tranches = _tranches(seed, 1 + seed % 6, type(uint128).max);
        uint64[] memory weights = _weights(seed, 2, tranches.length)[0];
        vm.assertEq(this.earned(tranches, weights, released), _byBoundaries(tranches, weights, released));
    }

    function testFuzz_earned_neverFalls(uint256 seed, uint128 released, uint128 more) public view {
        Tranche[] memory tranches = _tranches(seed, 1 + seed % 6, type(uint128).max);
        uint64[] memory weights = _weights(seed, 2, tranches.length)[0];
        uint256 total = bound(more, released, type(uint128).max);
        uint256 before = this.earned(tranches, weights, released);
        uint256 later = this.earned(tranches, weights, total);
        vm.assertLe(before, later, "fell");
        vm.assertLe(later - before, total - released, "grew by more than came in");
    }

    function testFuzz_conservation_earnedSumsToTheTotalLessACarryBelowTheNumberOfPayees(uint256 seed, uint128 released)
        public
        view
    {
        uint256 payees = 1 + seed % 9;
        Tranche[] memory tranches = _tranches(seed, 1 + (seed >> 8) % 4, type(uint128).max);
        uint64[][] memory weights = _weights(seed, payees, tranches.length);
        uint256 sum;
        for (uint256 i; i < payees; ++i) {
            sum += this.earned(tranches, weights[i], released);
        }
        vm.assertLe(sum, released, "more than came in");
        vm.assertLt(released - sum, payees, "carry");
    }

    /// @dev Where a rounding of the shares' running sums would fall from 1 to 0.
    function test_earned_doesNotFallWhereRunningSumsWould() public view {
        Tranche[] memory tranches = new Tranche[](1);
        tranches[0].upTo = type(uint256).max;
        uint64[] memory weights = new uint64[](1);
        weights[0] = 0.1e18;
        vm.assertEq(this.earned(tranches, weights, 5), 0);
        vm.assertEq(this.earned(tranches, weights, 6), 0);
        vm.assertEq(this.earned(tranches, weights, 10), 1);
    }

    function test_earned_atTheLargestTotalAndWeight() public view {
        Tranche[] memory tranches = new Tranche[](1);
        tranches[0].upTo = type(uint256).max;
        uint64[] memory weights = new uint64[](1);
        weights[0] = uint64(WHOLE);
        vm.assertEq(this.earned(tranches, weights, type(uint128).max), type(uint128).max);
    }
}
