// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms, Tranche} from "../../../contracts/agreements/types/Terms.sol";
import {Division} from "../../../contracts/revenue/types/Divisions.sol";
import {Plans} from "./Plans.sol";

/// @title What whoever pays everybody brings along
library Divisions {
    /// @notice The whole plan of these terms, of which a call is to reach this many payees (0: all).
    function all(Terms memory terms, uint256 period, uint256 most) internal pure returns (Division memory division) {
        uint256 width = terms.tranches.length;
        division.conditionsHash = Plans.conditionsHash(terms);
        division.period = uint32(period);
        division.most = most;
        if (width != 1 || terms.tranches[0].periodSeconds != 0) division.tranches = terms.tranches;
        division.accounts = new address[](terms.payees.length);
        division.weights = new uint64[](terms.payees.length * width);
        for (uint256 i; i < terms.payees.length; ++i) {
            division.accounts[i] = terms.payees[i].account;
            for (uint256 k; k < width; ++k) {
                division.weights[i * width + k] = terms.payees[i].weights[k];
            }
        }
    }
}
