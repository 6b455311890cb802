// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPasskeyAccount} from "../../../contracts/accounts/interfaces/IPasskeyAccount.sol";
import {KeyInvalid, KeysAlike, PublicKey} from "../../../contracts/accounts/types/PublicKey.sol";
import {IAuthorizations} from "../../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {bound, vm} from "../support/Vm.sol";
import {PasskeyWorld, curve} from "./support/PasskeyWorld.sol";

/// @dev A lost passkey is replaced a week after the recovery key said so, unless the passkey's holder objects.
contract PasskeyRecoveryTest is PasskeyWorld {
    PublicKey private _next;

    function setUp() public override {
        super.setUp();
        _next = _point(OTHER_KEY);
    }

    function _propose() private returns (uint40 executableAt) {
        account.proposeReplacement(_next, _replacement(RECOVERY_KEY, _next));
        (,, executableAt) = account.replacement();
    }

    function _signsWith(uint256 secret) private view returns (bool) {
        bytes32 hash = keccak256("a document");
        return account.isValidSignature(hash, _says(secret, account, hash)) == YES;
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_aLostPasskeyIsReplaced_andTheOldOneIsPowerless(address carrier, uint32 later) public {
        vm.prank(carrier);
        uint40 executableAt = _propose();
        vm.assertEq(executableAt, block.timestamp + 7 days);
        vm.warp(executableAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IPasskeyAccount.ReplacementTooEarly.selector, executableAt));
        account.completeReplacement();
        vm.assertTrue(_signsWith(PASSKEY));
        vm.assertFalse(_signsWith(OTHER_KEY));
        vm.warp(uint256(executableAt) + later);
        Authorization memory before = _execution(PASSKEY, stranger, 0, "");
        vm.prank(carrier);
        account.completeReplacement();
        vm.assertFalse(_signsWith(PASSKEY));
        vm.assertTrue(_signsWith(OTHER_KEY));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account));
        account.execute(stranger, 0, "", before); // signed while it still counted
        vm.expectRevert(abi.encodeWithSelector(IPasskeyAccount.NoReplacement.selector));
        account.completeReplacement();
        (bytes32 x,) = account.recoveryKey();
        vm.assertEq(x, keys.recovery.x);
    }

    function test_aPasskeyOnAnotherDeviceIsARecoveryKeyToo() public {
        Authorization memory signed = _unsigned(_freshNonce());
        signed.signature = _encoded(_assertion(RECOVERY_KEY, _replaceDigest(_next, signed)));
        account.proposeReplacement(_next, signed);
        vm.warp(block.timestamp + 7 days);
        account.completeReplacement();
        vm.assertTrue(_signsWith(OTHER_KEY));
    }

    function test_attack_aStolenRecoveryKeyIsObjectedTo() public {
        _propose();
        _execute(PASSKEY, address(account), abi.encodeCall(IPasskeyAccount.cancelReplacement, ()));
        vm.warp(block.timestamp + 8 days);
        vm.expectRevert(abi.encodeWithSelector(IPasskeyAccount.NoReplacement.selector));
        account.completeReplacement();
        bytes memory cancel = abi.encodeCall(IPasskeyAccount.cancelReplacement, ());
        Authorization memory signed = _execution(PASSKEY, address(account), 0, cancel);
        vm.expectRevert(abi.encodeWithSelector(IPasskeyAccount.NoReplacement.selector));
        account.execute(address(account), 0, cancel, signed);
    }

    /// @dev Another recovery key, or passkey, is an objection too.
    /// forge-config: default.fuzz.runs = 8
    function testFuzz_attack_whatWaitedIsForgottenWhenKeysChange(bool passkeys) public {
        _propose();
        PublicKey memory third = _point(uint256(keccak256("third")) % ORDER);
        _execute(
            PASSKEY,
            address(account),
            passkeys
                ? abi.encodeCall(IPasskeyAccount.changePasskey, (third))
                : abi.encodeCall(IPasskeyAccount.changeRecoveryKey, (third))
        );
        vm.warp(block.timestamp + 8 days);
        vm.expectRevert(abi.encodeWithSelector(IPasskeyAccount.NoReplacement.selector));
        account.completeReplacement();
        if (passkeys) return;
        Authorization memory signed = _replacement(RECOVERY_KEY, _next);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account));
        account.proposeReplacement(_next, signed);
    }

    function test_attack_aProposalCountsOnce_andWaitsAnew() public {
        Authorization memory signed = _replacement(RECOVERY_KEY, _next);
        account.proposeReplacement(_next, signed);
        _execute(PASSKEY, address(account), abi.encodeCall(IPasskeyAccount.cancelReplacement, ()));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NonceSpent.selector, account, signed.nonce));
        account.proposeReplacement(_next, signed);
        uint40 first = _propose();
        vm.warp(block.timestamp + 6 days);
        PublicKey memory third = _point(uint256(keccak256("third")) % ORDER);
        account.proposeReplacement(third, _replacement(RECOVERY_KEY, third));
        (bytes32 x,, uint40 executableAt) = account.replacement();
        vm.assertEq(x, third.x);
        vm.assertEq(executableAt, first + 6 days);
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_attack_onlyTheRecoveryKeyProposes(uint256 secret, uint8 part) public {
        secret = bound(secret, 1, ORDER - 1);
        Authorization memory signed = _replacement(secret, _next);
        bool isOwn = secret == RECOVERY_KEY;
        part = uint8(bound(part, 0, 2));
        if (isOwn && part == 0) signed.nonce += 1;
        if (isOwn && part == 1) signed.deadline += 1;
        if (isOwn && part == 2) _next.y = bytes32(uint256(_next.y) + 1);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account));
        account.proposeReplacement(_next, signed);
    }

    function test_attack_replayOnAnotherAccountOrChain_andAHighS() public {
        Authorization memory signed = _replacement(RECOVERY_KEY, _next);
        bytes memory low = signed.signature;
        (bytes32 r, bytes32 s) = abi.decode(low, (bytes32, bytes32));
        bytes memory refusal = abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account);
        signed.signature = abi.encodePacked(r, bytes32(ORDER - uint256(s)));
        vm.expectRevert(refusal);
        account.proposeReplacement(_next, signed);
        signed.signature = low;
        IPasskeyAccount own = account;
        keys.passkey = _point(uint256(keccak256("third")) % ORDER);
        IPasskeyAccount second = IPasskeyAccount(factory.create(keys)); // the same recovery key
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, second, second));
        second.proposeReplacement(_next, signed);
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        vm.expectRevert(refusal);
        own.proposeReplacement(_next, signed);
        vm.chainId(chain);
        own.proposeReplacement(_next, signed);
    }

    function test_keysThatCannotTakeThePlaceAreRefusedAtOnce() public {
        PublicKey memory wrong = PublicKey(bytes32(uint256(1)), bytes32(uint256(1)));
        Authorization memory signed = _replacement(RECOVERY_KEY, wrong);
        vm.expectRevert(abi.encodeWithSelector(KeyInvalid.selector, wrong.x, wrong.y));
        account.proposeReplacement(wrong, signed);
        signed = _replacement(RECOVERY_KEY, keys.recovery);
        vm.expectRevert(abi.encodeWithSelector(KeysAlike.selector, keys.recovery.x));
        account.proposeReplacement(keys.recovery, signed);
    }
}
