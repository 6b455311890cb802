// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IAuthorizations} from "../../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";
import {ContractWallet} from "./Wallets.sol";
import {World} from "./World.sol";

/// @title What every signed form of an action promises, whichever action it is
/// @dev One heir for each form says what is signed, how it is carried, and what it brings about.
abstract contract SignedForm is World {
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    Partner private _signer;
    Partner private _intruder;

    function setUp() public virtual override {
        super.setUp();
        _signer = _partner("signer");
        _intruder = _partner("intruder");
    }

    // -- what an heir says -------------------------------------------------------------------------------------------

    /// @dev The contract that checks the signature.
    function _verifier() internal view virtual returns (address);

    /// @dev Brings the world to where the account can take the action.
    function _prepare(address account) internal virtual;

    /// @dev Hash of the struct that the account signs.
    function _action(address account, uint256 nonce, uint256 deadline) internal view virtual returns (bytes32);

    /// @dev Carries the authorization; the last external call is the one that may revert.
    function _execute(address account, Authorization memory authorization) internal virtual;

    /// @dev Whether the action has taken place.
    function _isDone(address account) internal view virtual returns (bool);

    /// @dev An acceptance of terms looks at its nonce without spending it.
    function _spendsItsNonce() internal pure virtual returns (bool) {
        return true;
    }

    /// @dev Whether the action can be tried a second time, so that nothing but its spent nonce stands in the way.
    function _canBeTriedAgain() internal pure virtual returns (bool) {
        return true;
    }

    /// @dev How an empty signature is refused.
    function _refusalOfEmpty(address account) internal view virtual returns (bytes memory) {
        return _invalid(account);
    }

    // -- what must hold ----------------------------------------------------------------------------------------------

    function test_signed_takesEffectWhoeverCarriesIt() public {
        Authorization memory signed = _sign();
        vm.assertFalse(_isDone(_signer.account));
        _execute(_signer.account, signed);
        vm.assertTrue(_isDone(_signer.account));
        vm.assertTrue(IAuthorizations(_verifier()).nonceSpent(_signer.account, signed.nonce) == _spendsItsNonce());
    }

    function test_signed_revertsForAnotherSigner() public {
        Authorization memory signed = _sign();
        signed.signature = _signature(_intruder.key, _digest(_signer.account, signed));
        _refused(signed, _invalid(_signer.account));
    }

    function test_attack_deadline_atItsLastSecondTakesEffect() public {
        Authorization memory signed = _sign();
        vm.warp(signed.deadline);
        _execute(_signer.account, signed);
        vm.assertTrue(_isDone(_signer.account));
    }

    function test_attack_deadline_aSecondBeforeTakesEffect() public {
        Authorization memory signed = _sign();
        vm.warp(signed.deadline - 1);
        _execute(_signer.account, signed);
        vm.assertTrue(_isDone(_signer.account));
    }

    function test_attack_deadline_aSecondAfterReverts() public {
        Authorization memory signed = _sign();
        vm.warp(signed.deadline + 1);
        _refused(
            signed,
            abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, _signer.account, signed.deadline)
        );
    }

    function test_attack_deadline_zeroReverts() public {
        _prepare(_signer.account);
        Authorization memory signed = Authorization(_freshNonce(), 0, "");
        signed.signature = _signature(_signer.key, _digest(_signer.account, signed));
        _refused(signed, abi.encodeWithSelector(IAuthorizations.AuthorizationExpired.selector, _signer.account, 0));
    }

    function test_attack_deadline_laterThanSignedReverts() public {
        Authorization memory signed = _sign();
        signed.deadline += 1;
        _refused(signed, _invalid(_signer.account));
    }

    function test_signed_revertsForAnotherNonceThanSigned() public {
        Authorization memory signed = _sign();
        signed.nonce += 1;
        _refused(signed, _invalid(_signer.account));
    }

    function test_attack_replay_aSpentNonceReverts() public {
        if (!_spendsItsNonce() || !_canBeTriedAgain()) return;
        Authorization memory signed = _sign();
        _execute(_signer.account, signed);
        _refused(signed, abi.encodeWithSelector(IAuthorizations.NonceSpent.selector, _signer.account, signed.nonce));
    }

    function test_attack_cancelledNonce() public {
        Authorization memory signed = _sign();
        vm.prank(_signer.account);
        IAuthorizations(_verifier()).cancelNonce(_signer.account, signed.nonce);
        _refused(signed, abi.encodeWithSelector(IAuthorizations.NonceSpent.selector, _signer.account, signed.nonce));
    }

    function test_signed_aNonceCancelledElsewhereStillCounts() public {
        Authorization memory signed = _sign();
        address other = _verifier() == address(partners) ? address(ledger) : address(partners);
        vm.prank(_signer.account);
        IAuthorizations(other).cancelNonce(_signer.account, signed.nonce);
        _execute(_signer.account, signed);
        vm.assertTrue(_isDone(_signer.account));
    }

    function test_attack_replayAcrossContracts() public {
        Authorization memory signed = _sign();
        (, string memory name, string memory version,,,,) = IERC5267(_verifier()).eip712Domain();
        bytes32 action = _action(_signer.account, signed.nonce, signed.deadline);
        signed.signature =
            _signature(_signer.key, TypedData.digest(name, version, block.chainid, address(0xdead), action));
        _refused(signed, _invalid(_signer.account));
    }

    function test_attack_replayAcrossVersionsAndNamesOfTheContract() public {
        Authorization memory signed = _sign();
        (, string memory name, string memory version,,,,) = IERC5267(_verifier()).eip712Domain();
        bytes32 action = _action(_signer.account, signed.nonce, signed.deadline);
        bytes32 digest = TypedData.digest(name, "2", block.chainid, _verifier(), action);
        signed.signature = _signature(_signer.key, digest);
        _refused(signed, _invalid(_signer.account));
        digest = TypedData.digest("Other", version, block.chainid, _verifier(), action);
        signed.signature = _signature(_signer.key, digest);
        _refused(signed, _invalid(_signer.account));
    }

    function test_attack_replayAcrossChains_afterAForkThatChangesTheChainId() public {
        Authorization memory signed = _sign();
        vm.chainId(block.chainid + 1);
        _refused(signed, _invalid(_signer.account));
    }

    function test_attack_replayAcrossActions() public {
        Authorization memory signed = _sign();
        bytes32 other = TypedData.cancelNonce(_signer.account, 12345, signed.nonce, signed.deadline);
        signed.signature = _signature(_signer.key, TypedData.digest(_verifier(), other));
        _refused(signed, _invalid(_signer.account));
    }

    function test_attack_signature_highS_v0And1_64Byte_66Byte_signerZero_empty() public {
        Authorization memory signed = _sign();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_signer.key, _digest(_signer.account, signed));
        bytes32 highS = bytes32(CURVE_ORDER - uint256(s));
        bytes32 vs = bytes32(uint256(s) | (uint256(v - 27) << 255));
        bytes[6] memory malformed = [
            abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s, v - 27),
            abi.encodePacked(r, vs),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(r, s, uint8(29)),
            abi.encodePacked(bytes32(0), bytes32(0), v)
        ];
        for (uint256 i; i < malformed.length; ++i) {
            signed.signature = malformed[i];
            _refused(signed, _invalid(_signer.account));
        }
        signed.signature = "";
        _refused(signed, _refusalOfEmpty(_signer.account));
    }

    /// @dev An account whose key delegates to code (EIP-7702) keeps its key.
    function test_signed_byItsKeyCountsEvenWhereAnAccountHasCode() public {
        Authorization memory signed = _sign();
        vm.etch(_signer.account, _wallet(ContractWallet.Mode.Reverts).code);
        _execute(_signer.account, signed);
        vm.assertTrue(_isDone(_signer.account));
    }

    // -- contract wallets --------------------------------------------------------------------------------------------

    function test_signed_byAContractWalletTakesEffect() public {
        address wallet = _wallet(ContractWallet.Mode.Honest);
        Authorization memory signed = _signFor(wallet);
        _execute(wallet, signed);
        vm.assertTrue(_isDone(wallet));
    }

    function test_attack_erc1271_aLongSignatureTakesEffect() public {
        address wallet = _wallet(ContractWallet.Mode.Credulous);
        Authorization memory signed = _signFor(wallet);
        signed.signature = new bytes(5000);
        _execute(wallet, signed);
        vm.assertTrue(_isDone(wallet));
    }

    function test_attack_erc1271_wrongMagic_shortReturn_revert() public {
        ContractWallet.Mode[3] memory modes =
            [ContractWallet.Mode.WrongMagic, ContractWallet.Mode.ShortReturn, ContractWallet.Mode.Reverts];
        for (uint256 i; i < modes.length; ++i) {
            address wallet = _wallet(modes[i]);
            Authorization memory signed = _signFor(wallet);
            vm.expectRevert(_invalid(wallet));
            _execute(wallet, signed);
        }
    }

    function test_attack_erc1271_gasBurn() public {
        address wallet = _wallet(ContractWallet.Mode.BurnsGas);
        Authorization memory signed = _signFor(wallet);
        try this.executeWith{gas: 10_000_000}(wallet, signed) {
            revert("took effect");
        } catch (bytes memory why) {
            vm.assertEq(keccak256(why), keccak256(_invalid(wallet)));
        }
    }

    function executeWith(address account, Authorization memory authorization) external {
        _execute(account, authorization);
    }

    function test_attack_erc1271_aWalletThatFlipsLater() public {
        address wallet = _wallet(ContractWallet.Mode.Honest);
        Authorization memory signed = _signFor(wallet);
        ContractWallet(wallet).become(ContractWallet.Mode.WrongMagic);
        vm.expectRevert(_invalid(wallet));
        _execute(wallet, signed);
        ContractWallet(wallet).become(ContractWallet.Mode.Honest);
        _execute(wallet, signed);
        vm.assertTrue(_isDone(wallet));
    }

    function test_attack_oneOwnerBehindTwoWallets_signsForOneOfThem() public {
        address one = _wallet(ContractWallet.Mode.Honest);
        address two = _wallet(ContractWallet.Mode.Honest);
        _prepare(two); // first, since it may take time
        Authorization memory signed = _signFor(one);
        vm.expectRevert(_invalid(two));
        _execute(two, signed);
    }

    // -- parts -------------------------------------------------------------------------------------------------------

    function _sign() private returns (Authorization memory) {
        return _signFor(_signer.account);
    }

    function _signFor(address account) private returns (Authorization memory signed) {
        _prepare(account);
        signed = _unsigned(_freshNonce());
        signed.signature = _signature(_signer.key, _digest(account, signed));
    }

    function _digest(address account, Authorization memory authorization) private view returns (bytes32) {
        return TypedData.digest(_verifier(), _action(account, authorization.nonce, authorization.deadline));
    }

    function _wallet(ContractWallet.Mode mode) private returns (address) {
        return address(new ContractWallet(_signer.account, mode));
    }

    function _invalid(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account);
    }

    function _refused(Authorization memory authorization, bytes memory why) private {
        vm.expectRevert(why);
        _execute(_signer.account, authorization);
    }
}
