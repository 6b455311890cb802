// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// @dev A signature that recovers to nobody must not pass for that of the account zero, whose wallet nobody is.
contract AccountZeroTest is World {
    function test_accountZero_hasNoSignature() public {
        IAuthorizations[4] memory verifiers = [
            IAuthorizations(address(partners)),
            IAuthorizations(address(agreements)),
            IAuthorizations(address(deals)),
            IAuthorizations(address(ledger))
        ];
        bytes memory refusal = abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, address(0), address(0));
        bytes[3] memory nobodys = [bytes(""), new bytes(65), abi.encodePacked(bytes32(0), bytes32(0), uint8(27))];
        for (uint256 i; i < verifiers.length; ++i) {
            for (uint256 k; k < nobodys.length; ++k) {
                Authorization memory signed = Authorization(k, block.timestamp, nobodys[k]);
                vm.expectRevert(refusal);
                verifiers[i].cancelNonceWithAuthorization(address(0), 7, signed);
            }
            vm.assertFalse(verifiers[i].nonceSpent(address(0), 7));
        }
    }
}
