// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {PackedBook} from "../../contracts/revenue/types/PackedBook.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId, NO_AGREEMENT} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";
import {ContractWallet} from "./support/Wallets.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

contract ActivateTest is World {
    Partner[] private _parties;

    function setUp() public override {
        super.setUp();
        Partner[] memory list = _partners(3);
        for (uint256 i; i < 3; ++i) {
            _parties.push(list[i]);
        }
    }

    function test_activate_putsCoSignedTermsInForce() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        vm.prank(stranger);
        AgreementId agreement = agreements.activate(terms, acceptances);
        assertSame(agreement, Plans.id(terms, address(agreements)));
        PackedBook book = agreements.newBookOf(agreement, address(dollar));
        vm.assertTrue(book.exists());
        vm.assertEq(book.released(), 0);
        vm.assertEq(book.validFrom(), START);
        vm.assertEq(book.validUntil(), OPEN_ENDED);
        vm.assertFalse(agreements.newBookOf(agreement, stranger).exists());
    }

    function test_activate_idBindsTheTermsTheChainAndTheRegistry() public {
        Terms memory terms = _terms(_parties);
        AgreementId id = Plans.id(terms, address(agreements));
        assertSame(agreements.agreementId(terms), id);
        assertSame(_activate(_parties, terms), id);
        vm.chainId(block.chainid + 1);
        assertSame(agreements.agreementId(terms), id);
    }

    function test_activate_sameTermsTwiceReturnTheSameId() public {
        Terms memory terms = _terms(_parties);
        AgreementId agreement = _activate(_parties, terms);
        (uint64 seq,) = agreements.journal();
        assertSame(agreements.activate(terms, new Authorization[](0)), agreement);
        (uint64 after_,) = agreements.journal();
        vm.assertEq(uint256(after_), seq);
    }

    function test_attack_copiedCalldataLandsFirst_changesNothing() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        vm.prank(stranger);
        AgreementId first = agreements.activate(terms, acceptances);
        assertSame(agreements.activate(terms, acceptances), first);
    }

    /// @dev An id is taken by nothing but its own terms with all signatures; who tries without them leaves it free.
    function test_attack_idSquatting_ofAnAgreement() public {
        Terms memory terms = _terms(_parties);
        vm.expectPartialRevert(IActivation.NotAccepted.selector);
        vm.prank(stranger);
        agreements.activate(terms, _nobody(terms));
        assertSame(_activate(_parties, terms), Plans.id(terms, address(agreements)));
    }

    function test_activate_anotherSaltIsAnotherAgreement() public {
        Terms memory terms = _terms(_parties);
        AgreementId first = _activate(_parties, terms);
        terms.salt = "again";
        vm.assertTrue(_activate(_parties, terms) != first);
    }

    function test_activate_signedAcceptancesMayComeInOneTransactionWithTheCallersOwn() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        acceptances[1].signature = "";
        vm.prank(_parties[1].account);
        assertSame(agreements.activate(terms, acceptances), agreements.agreementId(terms));
    }

    function test_activate_revertsWithAcceptancesMissing() public {
        Terms memory terms = _terms(_parties);
        vm.expectRevert(abi.encodeWithSelector(IActivation.AcceptancesMissing.selector, 3, 2));
        agreements.activate(terms, new Authorization[](2));
        vm.expectRevert(abi.encodeWithSelector(IActivation.AcceptancesMissing.selector, 3, 4));
        agreements.activate(terms, new Authorization[](4));
    }

    function test_consent_activate_revertsWhenOnePartyDidNotSign() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        acceptances[2].signature = "";
        bytes memory why = abi.encodeWithSelector(
            IActivation.NotAccepted.selector, agreements.agreementId(terms), _parties[2].account
        );
        vm.expectRevert(why);
        agreements.activate(terms, acceptances);
    }

    function test_consent_activate_revertsWhenAnyTermDiffersFromWhatWasSigned() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        terms.payees[0].weights[0] -= 1;
        terms.payees[1].weights[0] += 1;
        _refused(terms, acceptances, 0);
    }

    function test_activate_revertsWhenTwoPartiesSignaturesAreSwapped() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        (acceptances[1], acceptances[2]) = (acceptances[2], acceptances[1]);
        _refused(terms, acceptances, 1);
    }

    function test_attack_oneOwnerBehindTwoWallets_bothMustSign() public {
        ContractWallet one = new ContractWallet(_parties[0].account, ContractWallet.Mode.Honest);
        ContractWallet two = new ContractWallet(_parties[0].account, ContractWallet.Mode.Honest);
        address[] memory accounts = _pair(address(one), address(two));
        Terms memory terms = _terms(accounts, _equalShares(accounts));
        Authorization[] memory acceptances = new Authorization[](2);
        acceptances[0] = _acceptance(Partner(accounts[0], _parties[0].key), terms);
        acceptances[1] = acceptances[0];
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, accounts[1], accounts[1]));
        agreements.activate(terms, acceptances);
        acceptances[1] = _acceptance(Partner(accounts[1], _parties[0].key), terms);
        vm.assertTrue(agreements.activate(terms, acceptances) != NO_AGREEMENT);
    }

    function test_activate_leavesNoncesUnspentAndHonoursCancelledOnes() public {
        Terms memory terms = _terms(_parties);
        Authorization[] memory acceptances = _acceptances(_parties, terms);
        vm.prank(_parties[1].account);
        agreements.cancelNonce(_parties[1].account, acceptances[1].nonce);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthorizations.NonceSpent.selector, _parties[1].account, acceptances[1].nonce)
        );
        agreements.activate(terms, acceptances);
        acceptances[1] = _acceptance(_parties[1], terms);
        agreements.activate(terms, acceptances);
        vm.assertFalse(agreements.nonceSpent(_parties[0].account, acceptances[0].nonce));
    }

    function _refused(Terms memory terms, Authorization[] memory acceptances, uint256 party) private {
        address account = _parties[party].account;
        vm.expectRevert(abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, account, account));
        agreements.activate(terms, acceptances);
    }
}
