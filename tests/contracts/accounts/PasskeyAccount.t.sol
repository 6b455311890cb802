// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IPasskeyAccount} from "../../../contracts/accounts/interfaces/IPasskeyAccount.sol";
import {KeyInvalid, KeyPair, KeysAlike, PublicKey} from "../../../contracts/accounts/types/PublicKey.sol";
import {IAuthorizations} from "../../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {TypedData} from "../support/TypedData.sol";
import {bound, vm} from "../support/Vm.sol";
import {Assertion, PasskeyWorld} from "./support/PasskeyWorld.sol";

/// @dev What an account of a passkey says yes to, what it does, and that nobody else's word counts.
contract PasskeyAccountTest is PasskeyWorld {
    function _refuses(IPasskeyAccount to, bytes32 hash, bytes memory signature) private view {
        vm.assertTrue(to.isValidSignature(hash, signature) != YES);
    }

    // -- ERC-1271 ----------------------------------------------------------------------------------------------------

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_aPasskeySignsForItsAccountAlone(uint256 secret, bytes32 hash) public {
        secret = bound(secret, 1, ORDER - 1);
        if (secret == RECOVERY_KEY || secret == ORDER - RECOVERY_KEY) secret = PASSKEY;
        IPasskeyAccount own = IPasskeyAccount(factory.create(KeyPair(_point(secret), _point(RECOVERY_KEY))));
        bytes memory signature = _says(secret, own, hash);
        vm.assertTrue(own.isValidSignature(hash, signature) == YES);
        _refuses(own, keccak256(abi.encode(hash)), signature);
        if (address(own) != address(account)) _refuses(account, hash, signature);
        _refuses(own, hash, _says(OTHER_KEY, own, hash));
        _refuses(own, hash, _encoded(_assertion(secret, hash))); // the bare hash binds no account
    }

    function test_attack_oneKeyBehindTwoAccounts_aSignatureCountsAtOneOnly() public {
        IPasskeyAccount second = IPasskeyAccount(factory.create(KeyPair(_point(PASSKEY), _point(OTHER_KEY))));
        bytes32 hash = keccak256("a document");
        bytes memory signature = _says(PASSKEY, account, hash);
        vm.assertTrue(account.isValidSignature(hash, signature) == YES);
        _refuses(second, hash, signature);
    }

    function test_attack_replayOnAnotherChain() public {
        bytes32 hash = keccak256("a document");
        bytes memory signature = _says(PASSKEY, account, hash);
        Authorization memory signed = _execution(PASSKEY, stranger, 0, "");
        vm.chainId(block.chainid + 1);
        _refuses(account, hash, signature);
        vm.expectRevert(_unlike());
        account.execute(stranger, 0, "", signed);
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_attack_aHighS(bytes32 hash) public view {
        Assertion memory made = _assertion(PASSKEY, _bound(account, hash));
        vm.assertTrue(account.isValidSignature(hash, _encoded(made)) == YES);
        made.s = bytes32(ORDER - uint256(made.s));
        _refuses(account, hash, _encoded(made));
    }

    function test_attack_whoHoldsItMustBeVerified() public view {
        bytes32 hash = keccak256("a document");
        bytes32 challenge = _bound(account, hash);
        bytes1[4] memory flags = [bytes1(0x00), 0x01, 0x04, 0x15]; // nobody; present; verified from afar; a copy that may not be
        for (uint256 i = 0; i < flags.length; ++i) {
            _refuses(account, hash, _encoded(_assertion(PASSKEY, challenge, flags[i], "webauthn.get")));
        }
        vm.assertTrue(
            account.isValidSignature(hash, _encoded(_assertion(PASSKEY, challenge, 0x1d, "webauthn.get"))) == YES
        );
    }

    function test_attack_creatingAPasskeyIsNotSigning() public view {
        bytes32 hash = keccak256("a document");
        _refuses(account, hash, _encoded(_assertion(PASSKEY, _bound(account, hash), VERIFIED, "webauthn.gxt")));
        Assertion memory made = _assertion(PASSKEY, _bound(account, hash));
        made.typeIndex = 0;
        _refuses(account, hash, _encoded(made));
        (made.typeIndex, made.challengeIndex) = (1, 0);
        _refuses(account, hash, _encoded(made));
        made.challengeIndex = type(uint256).max;
        _refuses(account, hash, _encoded(made));
    }

    /// @dev Whatever the bytes are, the answer is no, and never a failure.
    function testFuzz_attack_signaturesThatAreNone(bytes32 hash, bytes calldata noise, uint256 cut, uint256 place)
        public
        view
    {
        _refuses(account, hash, noise);
        _refuses(account, hash, "");
        bytes memory signature = _says(PASSKEY, account, hash);
        bytes memory shorter = new bytes(bound(cut, 0, 0xc0 - 1));
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = signature[i];
        }
        _refuses(account, hash, shorter);
        place = bound(place, 0, 0x3f); // r and s
        signature[place] = bytes1(uint8(signature[place]) ^ 0x01);
        _refuses(account, hash, signature);
    }

    /// @dev As any wallet that is a contract: the ledger takes its signature, and no other account's.
    function test_theLedgerAsksIt() public {
        address self = address(account);
        Authorization memory signed = _unsigned(_freshNonce());
        bytes32 action = TypedData.register(TypedData.Register(self, "Northwind", "", signed.nonce, signed.deadline));
        signed.signature = _says(OTHER_KEY, account, TypedData.digest(address(partners), action));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, self, self));
        partners.registerWithAuthorization(self, "Northwind", "", signed);
        signed.signature = _says(PASSKEY, account, TypedData.digest(address(partners), action));
        partners.registerWithAuthorization(self, "Northwind", "", signed);
        vm.assertTrue(partners.isRegistered(self));
    }

    // -- what it does ------------------------------------------------------------------------------------------------

    function _unlike() private view returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account);
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_anyoneCarriesWhatItsPasskeySigned(address carrier, uint96 amount, uint64 coin) public {
        dollar.mint(address(account), amount);
        vm.deal(address(account), coin);
        bytes memory data = abi.encodeCall(IERC20.transfer, (stranger, amount));
        Authorization memory signed = _execution(PASSKEY, address(dollar), 0, data);
        vm.prank(carrier);
        bytes memory answer = account.execute(address(dollar), 0, data, signed);
        vm.assertTrue(abi.decode(answer, (bool)));
        vm.assertEq(dollar.balanceOf(stranger), amount);
        vm.assertTrue(account.nonceSpent(signed.nonce));
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NonceSpent.selector, account, signed.nonce));
        account.execute(address(dollar), 0, data, signed);
        uint256 before = stranger.balance;
        account.execute(stranger, coin, "", _execution(PASSKEY, stranger, coin, ""));
        vm.assertEq(stranger.balance - before, coin);
    }

    /// forge-config: default.fuzz.runs = 32
    function testFuzz_attack_nothingOfItCanBeAnother(uint8 part) public {
        bytes memory data = abi.encodeCall(IERC20.transfer, (stranger, 1));
        Authorization memory signed = _execution(PASSKEY, address(dollar), 0, data);
        address target = address(dollar);
        uint256 value;
        part = uint8(bound(part, 0, 4));
        if (part == 0) target = address(ledger);
        if (part == 1) value = 1;
        if (part == 2) data = abi.encodeCall(IERC20.transfer, (stranger, 2));
        if (part == 3) signed.nonce += 1;
        if (part == 4) signed.deadline += 1;
        vm.expectRevert(_unlike());
        account.execute(target, value, data, signed);
    }

    function test_attack_neitherStrangersNorTheRecoveryKeyActForIt() public {
        uint256[2] memory others = [OTHER_KEY, RECOVERY_KEY];
        for (uint256 i = 0; i < 2; ++i) {
            Authorization memory signed = _execution(others[i], stranger, 0, "");
            vm.expectRevert(_unlike());
            account.execute(stranger, 0, "", signed);
            _refuses(account, keccak256("x"), _says(others[i], account, keccak256("x")));
        }
    }

    function test_attack_aDeadlineThatIsOver() public {
        Authorization memory signed = _execution(PASSKEY, stranger, 0, "");
        vm.warp(signed.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, account, signed.deadline));
        account.execute(stranger, 0, "", signed);
        vm.warp(signed.deadline);
        account.execute(stranger, 0, "", signed);
    }

    function test_whatFailsIsToldAsItWas() public {
        bytes memory data = abi.encodeCall(IAuthorizations.cancelNonce, (stranger, 1));
        Authorization memory signed = _execution(PASSKEY, address(partners), 0, data);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, stranger, account));
        account.execute(address(partners), 0, data, signed);
        vm.assertFalse(account.nonceSpent(signed.nonce));
    }

    function test_itsKeysAreChangedByItselfAlone() public {
        PublicKey memory next = _point(OTHER_KEY);
        bytes memory refusal = abi.encodeWithSelector(IPasskeyAccount.NotTheAccount.selector, address(this));
        vm.expectRevert(refusal);
        account.changePasskey(next);
        vm.expectRevert(refusal);
        account.changeRecoveryKey(next);
        vm.expectRevert(refusal);
        account.cancelReplacement();
        _execute(PASSKEY, address(account), abi.encodeCall(IPasskeyAccount.changePasskey, (next)));
        (bytes32 x, bytes32 y) = account.signer();
        vm.assertEq(x, next.x);
        vm.assertEq(y, next.y);
        _refuses(account, keccak256("x"), _says(PASSKEY, account, keccak256("x")));
        vm.assertTrue(account.isValidSignature(keccak256("x"), _says(OTHER_KEY, account, keccak256("x"))) == YES);
        PublicKey memory spare = _point(PASSKEY);
        _execute(OTHER_KEY, address(account), abi.encodeCall(IPasskeyAccount.changeRecoveryKey, (spare)));
        (x,) = account.recoveryKey();
        vm.assertEq(x, spare.x);
    }

    function test_keysThatAreNoneAreNotTaken() public {
        PublicKey memory wrong = PublicKey(bytes32(uint256(1)), bytes32(uint256(1)));
        bytes memory data = abi.encodeCall(IPasskeyAccount.changePasskey, (wrong));
        Authorization memory signed = _execution(PASSKEY, address(account), 0, data);
        vm.expectRevert(abi.encodeWithSelector(KeyInvalid.selector, wrong.x, wrong.y));
        account.execute(address(account), 0, data, signed);
        data = abi.encodeCall(IPasskeyAccount.changeRecoveryKey, (keys.passkey));
        signed = _execution(PASSKEY, address(account), 0, data);
        vm.expectRevert(abi.encodeWithSelector(KeysAlike.selector, keys.passkey.x));
        account.execute(address(account), 0, data, signed);
    }
}
