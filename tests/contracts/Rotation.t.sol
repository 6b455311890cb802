// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {IAccountKeys} from "../../contracts/partners/interfaces/IAccountKeys.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {KeyWorld} from "./support/KeyWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

/// @dev Which wallet acts for an account, and who may say so.
contract RotationTest is KeyWorld {
    function test_rotate_letsAnotherWalletActForTheAccount() public {
        _rotate(_account, _account, _wallet);
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
        vm.assertEq(partners.ownerOf(_account.account), _wallet.account);
        vm.assertEq(partners.accountOf(_wallet.account), _account.account);
        vm.assertEq(partners.successorOf(_wallet.account), _wallet.account);
        vm.assertEq(partners.successorOf(_account.account), _wallet.account);
        // The account stays what it was, for terms, claims and scores; only the new wallet acts for it.
        vm.prank(_wallet.account);
        partners.register(_account.account, "Example Ltd", "");
        vm.assertTrue(partners.isRegistered(_account.account));
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
    }

    function test_rotate_whatIsClaimedOfSeveralAgreementsGoesToTheNewWallet() public {
        address[] memory parties = _pair(_account.account, _other.account);
        Terms memory terms = _terms(parties, _equalShares(parties));
        AgreementId agreement = _agree(terms);
        _fund(stranger, 1000);
        _pay(stranger, agreement, 1000, "ref");
        _rotate(_account, _account, _wallet);
        Share[] memory shares = new Share[](1);
        shares[0] = Plans.share(terms, agreement, 0);
        ledger.claimAcross(terms.payees[0].account, address(dollar), shares);
        shares[0] = Plans.share(terms, agreement, 1);
        ledger.claimAcross(terms.payees[1].account, address(dollar), shares);
        vm.assertEq(dollar.balanceOf(_wallet.account), 500);
        vm.assertEq(dollar.balanceOf(_account.account), 0);
        vm.assertEq(ledger.claimedOf(agreement, address(dollar), 0, _account.account), 500);
    }

    function test_rotate_theOldWalletActsForNobody() public {
        _rotate(_account, _account, _wallet);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.NotTheWallet.selector, _account.account, _account.account)
        );
        vm.prank(_account.account);
        partners.register(_account.account, "Example Ltd", "");
    }

    function test_rotate_asTheNewWalletsOwnCall() public {
        // The owner signs, the new wallet carries it: its call is its yes.
        Authorization memory signed = _signedRotation(_account, _account.account, _wallet.account);
        vm.prank(_wallet.account);
        partners.rotateWithAuthorization(_account.account, _wallet.account, _nothing(), signed);
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
    }

    function test_rotate_backToTheFirstAddressAndToAnEarlierWallet() public {
        _rotate(_account, _account, _wallet);
        _rotate(_wallet, _account, _other);
        _rotate(_other, _account, _account);
        vm.assertEq(partners.walletOf(_account.account), _account.account);
        _rotate(_account, _account, _wallet);
        vm.assertEq(partners.walletOf(_account.account), _wallet.account);
        vm.assertEq(partners.successorOf(_other.account), _wallet.account);
    }

    function test_consent_rotate_revertsWithoutTheNewWalletsYes() public {
        bytes memory why =
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, _wallet.account, _wallet.account);
        vm.expectRevert(why);
        vm.prank(_account.account);
        partners.rotate(_account.account, _wallet.account, _nothing());
        // Its yes to another account is none.
        Authorization memory consent = _acceptWallet(_wallet, _other.account);
        vm.expectRevert(why);
        vm.prank(_account.account);
        partners.rotate(_account.account, _wallet.account, consent);
    }

    function test_attack_replay_rotate_aYesCountsOnce() public {
        Authorization memory consent = _acceptWallet(_wallet, _account.account);
        vm.prank(_account.account);
        partners.rotate(_account.account, _wallet.account, consent);
        _rotate(_wallet, _account, _other);
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.NonceSpent.selector, _wallet.account, consent.nonce));
        vm.prank(_other.account);
        partners.rotate(_account.account, _wallet.account, consent);
    }

    function test_rotate_revertsWithWalletInvalid() public {
        address[2] memory wallets = [address(0), _account.account];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInvalid.selector, wallets[i]));
            vm.prank(_account.account);
            partners.rotate(_account.account, wallets[i], _nothing());
        }
    }

    // -- a wallet acts for one account only ----------------------------------------------------------------------------

    function _inUse(Partner memory wallet, address holder) private {
        Authorization memory consent = _acceptWallet(wallet, _third.account);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInUse.selector, wallet.account, holder));
        vm.prank(_third.account);
        partners.rotate(_third.account, wallet.account, consent);
    }

    function test_badInput_rotate_revertsWithWalletInUse() public {
        _rotate(_account, _account, _wallet);
        _inUse(_wallet, _account.account);
        // For good: also once the account has given it up,
        _rotate(_wallet, _account, _other);
        _inUse(_wallet, _account.account);
        // and likewise the account's own first address.
        _inUse(_account, _account.account);
    }

    function test_badInput_rotate_revertsWithWalletInUse_forARegisteredAccount() public {
        vm.prank(_other.account);
        partners.register(_other.account, "Other Ltd", "");
        _inUse(_other, _other.account);
    }

    /// @dev Whoever stole the key of a wallet that was given up cannot make it another account's, which would inherit the
    /// payments made with it.
    function test_attack_stolenWallet_aGivenUpKeyNeverBecomesAnothersWallet() public {
        _rotate(_account, _account, _wallet);
        _inUse(_account, _account.account);
        vm.assertEq(partners.successorOf(_account.account), _wallet.account);
    }

    function test_rotate_revertsWithWalletInUse_forAnAddressThatIsAnothersWallet() public {
        _rotate(_account, _account, _wallet);
        _rotate(_wallet, _account, _other);
        // The former wallet is no account of its own: neither registered nor rotated.
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInUse.selector, _wallet.account, _account.account));
        vm.prank(_wallet.account);
        partners.register(_wallet.account, "Example Ltd", "");
        Authorization memory consent = _acceptWallet(_third, _wallet.account);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.WalletInUse.selector, _wallet.account, _account.account));
        vm.prank(_wallet.account);
        partners.rotate(_wallet.account, _third.account, consent);
    }

    /// @dev Any rotations of three accounts among six keys: no key ever acts for two of them, and what a key did goes to
    /// whoever acts now for the account that it first acted for.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_rotate_aWalletBelongsToOneAccountForGood(uint256 seed) public {
        Partner[] memory keys = _partners(6);
        address[6] memory holder;
        for (uint256 step; step < 24; ++step) {
            uint256 word = uint256(keccak256(abi.encode(seed, step)));
            Partner memory account = keys[word % 3];
            Partner memory wallet = keys[(word >> 8) % 6];
            Authorization memory consent = _acceptWallet(wallet, account.account);
            vm.prank(partners.walletOf(account.account));
            try partners.rotate(account.account, wallet.account, consent) {
                uint256 index = (word >> 8) % 6;
                vm.assertTrue(holder[index] == address(0) || holder[index] == account.account);
                (holder[index], holder[word % 3]) = (account.account, account.account);
            } catch {}
            for (uint256 i; i < 6; ++i) {
                if (holder[i] == address(0)) continue;
                vm.assertEq(partners.accountOf(keys[i].account), holder[i]);
                vm.assertEq(partners.successorOf(keys[i].account), partners.walletOf(holder[i]));
            }
        }
    }

    // -- the owner -----------------------------------------------------------------------------------------------------

    function test_changeOwner_onlyTheOwnerRotates() public {
        _nameOwner(_account, _owner);
        vm.assertEq(partners.ownerOf(_account.account), _owner.account);
        vm.assertEq(partners.walletOf(_account.account), _account.account);
        _rotate(_owner, _account, _wallet);
        vm.assertEq(partners.ownerOf(_account.account), _owner.account);
    }

    function test_attack_stolenWallet_rotates() public {
        _nameOwner(_account, _owner);
        Authorization memory consent = _acceptWallet(_wallet, _account.account);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.NotTheOwner.selector, _account.account, _account.account));
        vm.prank(_account.account);
        partners.rotate(_account.account, _wallet.account, consent);
        // Nor by a signature of the wallet.
        Authorization memory signed = _signedRotation(_account, _account.account, _wallet.account);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, _owner.account, _owner.account)
        );
        partners.rotateWithAuthorization(_account.account, _wallet.account, consent, signed);
        // Nor does it name itself the owner.
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.NotTheOwner.selector, _account.account, _account.account));
        vm.prank(_account.account);
        partners.changeOwner(_account.account, address(0), _nothing());
    }

    function test_changeOwner_givesThePlaceBackToTheWallet() public {
        _nameOwner(_account, _owner);
        vm.prank(_owner.account);
        partners.changeOwner(_account.account, address(0), _nothing());
        vm.assertEq(partners.ownerOf(_account.account), _account.account);
        _rotate(_account, _account, _wallet);
        vm.assertEq(partners.ownerOf(_account.account), _wallet.account);
    }

    function test_changeOwner_theFirstWalletCanStayTheOwner() public {
        vm.prank(_account.account);
        partners.changeOwner(_account.account, _account.account, _nothing());
        _rotate(_account, _account, _wallet);
        vm.assertEq(partners.ownerOf(_account.account), _account.account);
        _rotate(_account, _account, _other);
        vm.assertEq(partners.walletOf(_account.account), _other.account);
    }

    function test_changeOwner_revertsWithOwnerInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.OwnerInvalid.selector, address(0)));
        vm.prank(_account.account);
        partners.changeOwner(_account.account, address(0), _nothing());
        _nameOwner(_account, _owner);
        vm.expectRevert(abi.encodeWithSelector(IAccountKeys.OwnerInvalid.selector, _owner.account));
        vm.prank(_owner.account);
        partners.changeOwner(_account.account, _owner.account, _nothing());
    }

    function test_consent_changeOwner_revertsWithoutTheNewOwnersYes() public {
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, _owner.account, _owner.account)
        );
        vm.prank(_account.account);
        partners.changeOwner(_account.account, _owner.account, _nothing());
        // A yes to being the wallet is none to being the owner.
        Authorization memory consent = _acceptWallet(_owner, _account.account);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, _owner.account, _owner.account)
        );
        vm.prank(_account.account);
        partners.changeOwner(_account.account, _owner.account, consent);
    }

    // -- elsewhere -----------------------------------------------------------------------------------------------------

    /// @dev A signature counts only if made by the wallet that is current when it is executed, be it within one transaction.
    function test_attack_ownerFlippedInsideABatch_theOldWalletsSignaturesAreWorthless() public {
        address[] memory parties = new address[](1);
        parties[0] = _account.account;
        Terms memory terms = _terms(parties, _equalShares(parties));
        Authorization[] memory acceptances = new Authorization[](1);
        acceptances[0] = _acceptance(_account, terms);
        vm.prank(_account.account);
        agreements.accept(_account.account, terms, type(uint40).max);
        _rotate(_account, _account, _wallet);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, _account.account, _wallet.account)
        );
        agreements.activate(terms, acceptances);
        // What it accepted by its own transaction neither.
        vm.expectPartialRevert(bytes4(keccak256("NotAccepted(bytes32,address)")));
        agreements.activate(terms, _nobody(terms));
        acceptances[0] = _acceptance(Partner(_account.account, _wallet.key), terms);
        agreements.activate(terms, acceptances);
        vm.assertTrue(agreements.isActive(agreements.agreementId(terms)));
    }

    function test_rotate_claimsGoToTheNewWallet() public {
        address[] memory parties = new address[](1);
        parties[0] = _account.account;
        Terms memory terms = _terms(parties, _equalShares(parties));
        AgreementId agreement = _agree(terms);
        _fund(stranger, 1000);
        _pay(stranger, agreement, 1000, "ref");
        _rotate(_account, _account, _wallet);
        ledger.claim(_account.account, address(dollar), _share(terms, 0));
        vm.assertEq(dollar.balanceOf(_wallet.account), 1000);
    }
}
