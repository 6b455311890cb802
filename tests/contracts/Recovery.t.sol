// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountKeys} from "../../contracts/partners/interfaces/IAccountKeys.sol";
import {IRecoveries} from "../../contracts/partners/interfaces/IRecoveries.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {KeyWorld} from "./support/KeyWorld.sol";
import {Vm, vm} from "./support/Vm.sol";

/// @dev An account whose keys are lost, and what its owner can do about the consortium's helping hand.
contract RecoveryTest is KeyWorld {
    uint40 private constant DUE = START + 14 days;

    function _propose(Partner memory wallet) private {
        vm.prank(recoverer);
        partners.proposeRecovery(_account.account, wallet.account);
    }

    function _recover(Partner memory wallet) private {
        Authorization memory consent = _acceptWallet(wallet, _account.account);
        partners.recover(_account.account, consent);
    }

    function _requireWaiting(address wallet, uint256 executableAt) private view {
        (address waiting, uint40 due, uint40 expiry) = partners.recoveryOf(_account.account);
        vm.assertEq(waiting, wallet);
        vm.assertEq(uint256(due), executableAt);
        vm.assertEq(uint256(expiry), executableAt == 0 ? 0 : executableAt + 30 days);
    }

    function test_recover_afterFourteenDaysAndByAnyone() public {
        _nameOwner(_account, _owner);
        _propose(_wallet);
        _requireWaiting(_wallet.account, DUE);
        vm.assertEq(partners.RECOVERY_SECONDS(), 14 days);
        vm.warp(DUE);
        _recover(_wallet);
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
        // The owner's key may be lost too: its place falls to the new wallet.
        vm.assertEq(partners.ownerOf(_account.account), _wallet.account);
        _requireWaiting(address(0), 0);
    }

    function test_recover_byTheNewWalletsOwnCall() public {
        _propose(_wallet);
        vm.warp(DUE);
        vm.prank(_wallet.account);
        partners.recover(_account.account, _nothing());
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
    }

    function test_recover_untilThirtyDaysLaterAndNotASecondMore() public {
        _propose(_wallet);
        vm.assertEq(partners.RECOVERY_WINDOW_SECONDS(), 30 days);
        vm.warp(DUE + 30 days + 1);
        _requireWaiting(address(0), 0);
        Authorization memory consent = _acceptWallet(_wallet, _account.account);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.RecoveryExpired.selector, _account.account, DUE + 30 days));
        partners.recover(_account.account, consent);
        vm.warp(DUE + 30 days);
        partners.recover(_account.account, consent);
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
    }

    function test_recover_revertsWithRecoveryTooEarly() public {
        _propose(_wallet);
        vm.warp(DUE - 1);
        Authorization memory consent = _acceptWallet(_wallet, _account.account);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.RecoveryTooEarly.selector, _account.account, DUE));
        partners.recover(_account.account, consent);
    }

    function test_recover_revertsWithNoRecovery() public {
        bytes memory why = abi.encodeWithSelector(IRecoveries.NoRecovery.selector, _account.account);
        vm.expectRevert(why);
        partners.recover(_account.account, _nothing());
        vm.expectRevert(why);
        vm.prank(_account.account);
        partners.cancelRecovery(_account.account);
    }

    function test_consent_recover_revertsWithoutTheNewWalletsYes() public {
        _propose(_wallet);
        vm.warp(DUE);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, _wallet.account, _wallet.account)
        );
        partners.recover(_account.account, _nothing());
    }

    function test_proposeRecovery_aLaterOneReplacesTheEarlier() public {
        _propose(_wallet);
        vm.warp(START + 10 days);
        _propose(_other);
        _requireWaiting(_other.account, START + 24 days);
    }

    function test_proposeRecovery_revertsForAnyoneElse() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, verifier));
        vm.prank(verifier);
        partners.proposeRecovery(_account.account, _wallet.account);
    }

    function test_proposeRecovery_revertsWithWalletInvalid() public {
        address[2] memory wallets = [address(0), _account.account];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInvalid.selector, wallets[i]));
            vm.prank(recoverer);
            partners.proposeRecovery(_account.account, wallets[i]);
        }
    }

    function test_proposeRecovery_revertsWithWalletInUse() public {
        _rotate(_third, _third, _wallet);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInUse.selector, _wallet.account, _third.account));
        _propose(_wallet);
    }

    function test_recover_revertsWithWalletInUse_whenItWasTakenMeanwhile() public {
        _propose(_wallet);
        _rotate(_third, _third, _wallet);
        vm.warp(DUE);
        Authorization memory consent = _acceptWallet(_wallet, _account.account);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInUse.selector, _wallet.account, _third.account));
        partners.recover(_account.account, consent);
    }

    // -- the owner stops it --------------------------------------------------------------------------------------------

    function test_cancelRecovery_byTheOwner() public {
        _propose(_wallet);
        vm.prank(_account.account);
        partners.cancelRecovery(_account.account);
        _requireWaiting(address(0), 0);
    }

    function test_rotate_cancelsARecoveryThatWaits() public {
        _propose(_wallet);
        vm.recordLogs();
        _rotate(_account, _account, _other);
        _requireWaiting(address(0), 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], IRecoveries.RecoveryCancelled.selector);
        vm.assertEq(logs[1].topics[0], IAccountKeys.WalletRotated.selector);
    }

    function test_attack_stolenWallet_cancelsRecovery() public {
        _nameOwner(_account, _owner);
        _propose(_wallet);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.NotTheOwner.selector, _account.account, _account.account));
        vm.prank(_account.account);
        partners.cancelRecovery(_account.account);
        vm.prank(_owner.account);
        partners.cancelRecovery(_account.account);
        _requireWaiting(address(0), 0);
    }

    /// @dev The consortium alone takes no account: the owner has its fourteen days, each time anew.
    function test_consortium_cannotHurryARecovery() public {
        _propose(_wallet);
        vm.warp(DUE - 1);
        _propose(_wallet);
        vm.warp(DUE);
        Authorization memory consent = _acceptWallet(_wallet, _account.account);
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveries.RecoveryTooEarly.selector, _account.account, DUE - 1 + 14 days)
        );
        partners.recover(_account.account, consent);
    }
}
