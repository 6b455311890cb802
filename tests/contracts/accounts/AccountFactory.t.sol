// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPasskeyAccount} from "../../../contracts/accounts/interfaces/IPasskeyAccount.sol";
import {KeyInvalid, KeyPair, KeysAlike, PublicKey} from "../../../contracts/accounts/types/PublicKey.sol";
import {IRegistration} from "../../../contracts/partners/interfaces/IRegistration.sol";
import {IAuthorizations} from "../../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {TypedData} from "../support/TypedData.sol";
import {bound, vm} from "../support/Vm.sol";
import {PasskeyWorld} from "./support/PasskeyWorld.sol";

/// @dev An account's address is its keys', so nobody can be there first as somebody else.
contract AccountFactoryTest is PasskeyWorld {
    function testFuzz_creatingIsIdempotent_andWhoeverDoesItCreatesTheSame(uint256 one, uint256 two, address carrier)
        public
    {
        one = bound(one, 1, ORDER - 1);
        two = bound(two, 1, ORDER - 1);
        if (one == two || one == ORDER - two) return;
        KeyPair memory pair = KeyPair(_point(one), _point(two));
        address predicted = factory.addressOf(pair);
        vm.prank(carrier);
        vm.assertEq(factory.create(pair), predicted);
        vm.assertEq(factory.create(pair), predicted);
        vm.assertEq(factory.addressOf(pair), predicted);
        (bytes32 x, bytes32 y) = IPasskeyAccount(predicted).signer();
        vm.assertEq(x, pair.passkey.x);
        vm.assertEq(y, pair.passkey.y);
        (x, y) = IPasskeyAccount(predicted).recoveryKey();
        vm.assertEq(x, pair.recovery.x);
        vm.assertEq(y, pair.recovery.y);
        vm.assertTrue(factory.addressOf(KeyPair(pair.recovery, pair.passkey)) != predicted);
    }

    /// @dev What came in before it was there, is its own.
    function test_coinThatWasThereFirstIsTheAccounts() public {
        KeyPair memory pair = KeyPair(_point(OTHER_KEY), _point(RECOVERY_KEY));
        vm.deal(factory.addressOf(pair), 3 ether);
        account = IPasskeyAccount(factory.create(pair));
        account.execute(stranger, 3 ether, "", _execution(OTHER_KEY, stranger, 3 ether, ""));
        vm.assertEq(stranger.balance, 3 ether);
    }

    function test_attack_keysThatAreNone() public {
        PublicKey[4] memory wrong = [
            PublicKey(0, 0), PublicKey(bytes32(uint256(1)), 0), PublicKey(keys.passkey.x, keys.passkey.x), keys.recovery
        ];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory refusal = i == 3
                ? abi.encodeWithSelector(KeysAlike.selector, keys.recovery.x)
                : abi.encodeWithSelector(KeyInvalid.selector, wrong[i].x, wrong[i].y);
            vm.expectRevert(refusal);
            factory.create(KeyPair(wrong[i], keys.recovery));
            vm.expectRevert(refusal);
            factory.addressOf(KeyPair(keys.recovery, wrong[i]));
        }
    }

    /// @dev The code that all run is nobody's account, and has no say over any.
    function test_attack_theImplementationIsNobodys() public view {
        IPasskeyAccount implementation = factory.IMPLEMENTATION();
        (bytes32 x, bytes32 y) = implementation.signer();
        vm.assertEq(x, sha256("Partnership Ledger: the key of nobody 0"));
        vm.assertEq(uint256(y) & 1, 0);
        vm.assertTrue(implementation.isValidSignature(0, _says(PASSKEY, implementation, 0)) != YES);
    }

    function _registration(KeyPair memory pair, uint256 secret)
        private
        returns (address self, bytes memory data, KeyPair[] memory pairs)
    {
        pairs = new KeyPair[](1);
        pairs[0] = pair;
        self = factory.addressOf(pair);
        Authorization memory signed = _unsigned(_freshNonce());
        bytes32 action = TypedData.register(TypedData.Register(self, "Northwind", "", signed.nonce, signed.deadline));
        signed.signature = _says(secret, IPasskeyAccount(self), TypedData.digest(address(partners), action));
        data = abi.encodeCall(IRegistration.registerWithAuthorization, (self, "Northwind", "", signed));
    }

    /// @dev Also when somebody else was faster in creating it.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_anAccountsFirstActIsOneTransaction(bool isThere, address carrier) public {
        KeyPair memory pair = KeyPair(_point(OTHER_KEY), _point(RECOVERY_KEY));
        (address self, bytes memory data, KeyPair[] memory pairs) = _registration(pair, OTHER_KEY);
        if (isThere) factory.create(pair);
        vm.prank(carrier);
        factory.createAndCall(pairs, address(partners), data);
        vm.assertTrue(partners.isRegistered(self));
    }

    function test_whatTheCallRefusesIsToldAsItWas_andNothingIsCreated() public {
        KeyPair memory pair = KeyPair(_point(OTHER_KEY), _point(RECOVERY_KEY));
        (address self, bytes memory data, KeyPair[] memory pairs) = _registration(pair, PASSKEY);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, self, self));
        factory.createAndCall(pairs, address(partners), data);
        vm.assertEq(self.code.length, 0);
    }
}
