// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountKeys} from "../../contracts/partners/interfaces/IAccountKeys.sol";
import {IRegistration} from "../../contracts/partners/interfaces/IRegistration.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

contract PartnersTest is World {
    address private _account = address(0xACC);

    function _register() private {
        vm.prank(_account);
        partners.register(_account, "Example Ltd", "https://example.test");
    }

    function _text(uint256 length) private pure returns (string memory) {
        bytes memory text = new bytes(length);
        for (uint256 i; i < length; ++i) {
            text[i] = "x";
        }
        return string(text);
    }

    function test_register_makesTheAccountKnown() public {
        vm.assertFalse(partners.isRegistered(_account));
        _register();
        vm.assertTrue(partners.isRegistered(_account));
    }

    function test_register_revertsWithNotTheWallet() public {
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account, stranger));
        vm.prank(stranger);
        partners.register(_account, "Example Ltd", "");
    }

    function test_register_revertsWithAlreadyRegistered() public {
        _register();
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.AlreadyRegistered.selector, _account));
        _register();
    }

    function test_register_revertsWithNameInvalid() public {
        uint256[2] memory lengths = [uint256(0), 101];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRegistration.NameInvalid.selector, lengths[i]));
            vm.prank(_account);
            partners.register(_account, _text(lengths[i]), "");
        }
    }

    function test_register_revertsWithUriTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistration.UriTooLong.selector, 301));
        vm.prank(_account);
        partners.register(_account, "Example Ltd", _text(301));
    }

    function test_register_takesTheLongestNameAndUri() public {
        vm.prank(_account);
        partners.register(_account, _text(100), _text(300));
        vm.assertTrue(partners.isRegistered(_account));
    }

    /// @dev Nor for the precompiled contracts, which answer whatever they are asked, or burn the gas.
    function test_register_nobodySignsForTheZeroAccountNorForPrecompiles() public {
        bytes[3] memory forged =
            [abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(29)), bytes(""), new bytes(65)];
        for (uint160 account; account < 20; ++account) {
            for (uint256 i; i < forged.length; ++i) {
                Authorization memory signed = _unsigned(i);
                signed.signature = forged[i];
                try partners.registerWithAuthorization{gas: 1_000_000}(address(account), "Nobody", "", signed) {}
                catch (bytes memory why) {
                    vm.assertEq(bytes32(bytes4(why)), bytes32(IAuthorizations.SignatureInvalid.selector));
                }
                vm.assertFalse(partners.isRegistered(address(account)));
            }
        }
    }

    function test_walletOf_isTheAccountItself() public view {
        vm.assertEq(partners.walletOf(_account), _account);
    }

    function test_attest_countsUntilItsLastSecond() public {
        vm.prank(verifier);
        partners.attest(_account, 2, START + 100, "evidence");
        _expectAttestation(2, START + 100);
        vm.warp(START + 100);
        _expectAttestation(2, START + 100);
        vm.warp(START + 101);
        _expectAttestation(0, 0);
    }

    function test_attest_replacesTheEarlierOne() public {
        vm.prank(verifier);
        partners.attest(_account, 2, START + 100, "evidence");
        vm.prank(verifier);
        partners.attest(_account, 1, START + 50, "other evidence");
        _expectAttestation(1, START + 50);
    }

    function test_attest_needsNoRegistration() public {
        vm.prank(verifier);
        partners.attest(_account, 1, START, "evidence");
        _expectAttestation(1, START);
    }

    function test_attest_revertsWithLevelInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistration.LevelInvalid.selector));
        vm.prank(verifier);
        partners.attest(_account, 0, START + 100, "evidence");
    }

    function test_attest_revertsWithExpiryInThePast() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistration.ExpiryInThePast.selector, START - 1));
        vm.prank(verifier);
        partners.attest(_account, 1, START - 1, "evidence");
    }

    function test_attest_revertsForAnyoneElse() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, _account));
        vm.prank(_account);
        partners.attest(_account, 1, START + 100, "evidence");
    }

    function test_revoke_endsTheAttestation() public {
        vm.prank(verifier);
        partners.attest(_account, 2, START + 100, "evidence");
        vm.prank(verifier);
        partners.revoke(_account, "reason");
        _expectAttestation(0, 0);
    }

    function test_revoke_revertsWithNotAttested() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistration.NotAttested.selector, _account));
        vm.prank(verifier);
        partners.revoke(_account, "reason");
    }

    function test_revoke_revertsForAnyoneElse() public {
        vm.prank(verifier);
        partners.attest(_account, 2, START + 100, "evidence");
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        partners.revoke(_account, "reason");
    }

    function _expectAttestation(uint256 level, uint256 expiresAt) private view {
        (uint8 heldLevel, uint40 heldExpiresAt) = partners.attestationOf(_account);
        vm.assertEq(uint256(heldLevel), level);
        vm.assertEq(uint256(heldExpiresAt), expiresAt);
    }
}
