// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IActivation} from "../../contracts/agreements/interfaces/IActivation.sol";
import {IStandings} from "../../contracts/agreements/interfaces/IStandings.sol";
import {Standing} from "../../contracts/agreements/types/Standing.sol";
import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {IRevenueBooks} from "../../contracts/revenue/interfaces/IRevenueBooks.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {PackedBook} from "../../contracts/revenue/types/PackedBook.sol";
import {IAuthorizations} from "../../contracts/shared/interfaces/IAuthorizations.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {Plans} from "./support/Plans.sol";
import {bound, vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";
import {assertSame} from "./support/SameId.sol";

contract AmendTest is World {
    Partner[] private _parties;
    address private _payer = address(0xCA54);

    function setUp() public override {
        super.setUp();
        Partner[] memory list = _partners(3);
        for (uint256 i; i < 3; ++i) {
            _parties.push(list[i]);
        }
        _fund(_payer, 1e30);
    }

    /// @dev The first two partners' agreement, which expires.
    function _first() private view returns (Terms memory terms) {
        Partner[] memory two = new Partner[](2);
        (two[0], two[1]) = (_parties[0], _parties[1]);
        terms = _terms(two);
        terms.validUntil = START + 365 days;
        terms.salt = "first";
    }

    /// @dev Its successor, which the third partner joins and the first one leaves.
    function _second() private view returns (Terms memory terms) {
        Partner[] memory two = new Partner[](2);
        (two[0], two[1]) = (_parties[1], _parties[2]);
        terms = _terms(two);
        terms.predecessor = agreements.agreementId(_first());
        terms.validFrom = START + 10 days;
        terms.validUntil = START + 730 days;
        terms.afterEnd = 1;
    }

    function _signedBy(Partner memory one, Terms memory terms) private returns (Authorization[] memory list) {
        list = new Authorization[](1);
        list[0] = _acceptance(one, terms);
    }

    function _bothOf(Terms memory terms) private returns (Authorization[] memory list) {
        list = new Authorization[](2);
        (list[0], list[1]) = (_acceptance(_parties[1], terms), _acceptance(_parties[2], terms));
    }

    function _refused(
        Terms memory terms,
        Authorization[] memory acceptances,
        Opening memory opening,
        Authorization[] memory leaving,
        bytes memory why
    ) private {
        vm.expectRevert(why);
        agreements.amend(terms, acceptances, opening, leaving);
    }

    function test_amend_bySignaturesOfAllPartiesOfBoth() public {
        AgreementId first = _agree(_first());
        Terms memory terms = _second();
        Authorization[] memory acceptances = _bothOf(terms);
        Authorization[] memory leaving = _signedBy(_parties[0], terms);
        vm.prank(stranger);
        AgreementId second = agreements.amend(terms, acceptances, Plans.opening(_first()), leaving);
        assertSame(second, agreements.agreementId(terms));
        assertSame(second, Plans.id(terms, address(agreements)));
        assertSame(agreements.predecessorOf(second), first);
        Standing memory standing = agreements.standingOf(first);
        vm.assertTrue(standing.active);
        assertSame(standing.successor, second);
        vm.assertEq(uint256(standing.succeededFrom), START + 10 days);
        vm.assertEq(uint256(standing.endsAt), START + 10 days - 1);
        standing = agreements.standingOf(second);
        assertSame(standing.successor, bytes32(0));
        vm.assertEq(uint256(standing.endsAt), 0);
        vm.assertEq(uint256(standing.validUntil), START + 730 days);
        vm.assertEq(uint256(standing.afterEnd), 1);
    }

    function test_amend_theSuccessorStandsInTheAgreementsPlaceFromItsFirstSecond() public {
        AgreementId first = _agree(_first());
        AgreementId second = _amend(_second(), _first());
        vm.warp(START + 10 days - 1);
        assertSame(agreements.currentOf(first), first);
        _pay(_payer, first, 1000, "last of the first");
        vm.warp(START + 10 days);
        assertSame(agreements.currentOf(first), second);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Superseded.selector, second));
        _pay(_payer, first, 1000, "too late");
        _pay(_payer, second, 1000, "first of the second");
        vm.assertEq(uint256(ledger.bookOf(first, address(dollar)).released), 1000);
        vm.assertEq(uint256(ledger.bookOf(second, address(dollar)).released), 1000);
    }

    function test_amend_takesEffectAtOnceWhenItsFirstSecondHasPassed() public {
        AgreementId first = _agree(_first());
        vm.warp(START + 20 days);
        AgreementId second = _amend(_second(), _first());
        assertSame(agreements.currentOf(first), second);
        vm.assertEq(uint256(agreements.standingOf(first).succeededFrom), START + 20 days);
        PackedBook book = agreements.newBookOf(first, address(dollar));
        vm.assertEq(book.validUntil(), START + 20 days - 1);
        vm.assertEq(book.validFrom(), START);
    }

    /// @dev Renewal: the end that the terms gave stays, and a gap between the two versions stays one.
    function test_amend_anExpiredAgreementIsRenewed() public {
        AgreementId first = _agree(_first());
        vm.warp(START + 400 days);
        AgreementId second = _amend(_second(), _first());
        assertSame(agreements.currentOf(first), second);
        vm.assertEq(uint256(agreements.standingOf(first).endsAt), 0);
        vm.assertEq(agreements.newBookOf(first, address(dollar)).validUntil(), START + 365 days);
        _pay(_payer, second, 1000, "renewed");
    }

    function test_amend_theSameTermsTwiceReturnTheSameId() public {
        _agree(_first());
        Terms memory terms = _second();
        AgreementId second = _amend(terms, _first());
        (uint64 seq,) = agreements.journal();
        assertSame(
            agreements.amend(terms, new Authorization[](0), Plans.opening(_first()), new Authorization[](0)), second
        );
        (uint64 after_,) = agreements.journal();
        vm.assertEq(uint256(after_), seq);
    }

    function test_amend_mayInheritItsPredecessorsDebts() public {
        _agree(_first());
        Terms memory terms = _second();
        terms.clawback = 3;
        AgreementId second = _amend(terms, _first());
        vm.assertEq(agreements.newBookOf(second, address(dollar)).clawback(), 3);
    }

    // -- consent -----------------------------------------------------------------------------------------------------

    function test_badInput_consent_amend_revertsWhenItDropsAPartysSignature() public {
        _agree(_first());
        Terms memory terms = _second();
        Opening memory opening = Plans.opening(_first());
        Authorization[] memory none = new Authorization[](0);
        // The party that leaves says nothing.
        _refused(
            terms, _bothOf(terms), opening, none, abi.encodeWithSelector(IActivation.AcceptancesMissing.selector, 1, 0)
        );
        AgreementId id = agreements.agreementId(terms);
        _refused(
            terms,
            _bothOf(terms),
            opening,
            new Authorization[](1),
            abi.encodeWithSelector(IActivation.NotAccepted.selector, id, _parties[0].account)
        );
        // The party that stays says nothing.
        Authorization[] memory acceptances = _bothOf(terms);
        acceptances[0].signature = "";
        _refused(
            terms,
            acceptances,
            opening,
            _signedBy(_parties[0], terms),
            abi.encodeWithSelector(IActivation.NotAccepted.selector, id, _parties[1].account)
        );
    }

    function test_consent_amend_revertsWhenAnotherSignsForThePartyThatLeaves() public {
        _agree(_first());
        Terms memory terms = _second();
        address leaver = _parties[0].account;
        _refused(
            terms,
            _bothOf(terms),
            Plans.opening(_first()),
            _signedBy(_parties[1], terms),
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, leaver, leaver)
        );
    }

    /// @dev A signature under the first version's terms, or under other terms of the second, says nothing about these.
    function test_attack_replayAcrossVersions_aSignatureCountsForItsOwnTermsOnly() public {
        _agree(_first());
        Terms memory terms = _second();
        Authorization[] memory acceptances = _bothOf(terms);
        Authorization[] memory leaving = _signedBy(_parties[0], terms);
        terms.payees[0].weights[0] -= 1;
        terms.payees[1].weights[0] += 1;
        address leaver = _parties[0].account;
        _refused(
            terms,
            acceptances,
            Plans.opening(_first()),
            leaving,
            abi.encodeWithSelector(IAuthorizations.SignatureInvalid.selector, leaver, leaver)
        );
    }

    function test_amend_revertsWithAcceptancesMissing_forMoreThanLeave() public {
        _agree(_first());
        Terms memory terms = _second();
        Authorization[] memory leaving = new Authorization[](2);
        (leaving[0], leaving[1]) = (_acceptance(_parties[0], terms), _acceptance(_parties[1], terms));
        _refused(
            terms,
            _bothOf(terms),
            Plans.opening(_first()),
            leaving,
            abi.encodeWithSelector(IActivation.AcceptancesMissing.selector, 1, 2)
        );
    }

    // -- what was earned -----------------------------------------------------------------------------------------------

    /// @dev Money received under version n is split by version n for ever.
    function test_attack_shareChangeBetweenRevenueAndClaim() public {
        AgreementId first = _agree(_first());
        _pay(_payer, first, 1000, "before");
        Terms memory terms = _second();
        terms.validFrom = START;
        (terms.payees[0].weights[0], terms.payees[1].weights[0]) = (0.9e18, 0.1e18);
        AgreementId second = _amend(terms, _first());
        _pay(_payer, second, 1000, "after");
        address stays = _parties[1].account;
        uint256 payee = terms.payees[0].account == stays ? 0 : 1;
        ledger.claim(stays, address(dollar), Plans.share(_first(), first, 1));
        vm.assertEq(dollar.balanceOf(stays), 500);
        ledger.claim(stays, address(dollar), Plans.share(terms, second, payee));
        vm.assertEq(dollar.balanceOf(stays), 500 + (payee == 0 ? 900 : 100));
    }

    function test_attack_removedPayeeKeepsWhatItEarned() public {
        AgreementId first = _agree(_first());
        _pay(_payer, first, 1000, "before");
        Terms memory terms = _second();
        terms.validFrom = START;
        AgreementId second = _amend(terms, _first());
        _pay(_payer, second, 1000, "after");
        vm.warp(START + 1000 days);
        address gone = _parties[0].account;
        ledger.claim(gone, address(dollar), Plans.share(_first(), first, 0));
        vm.assertEq(dollar.balanceOf(gone), 500);
        Share memory share = Plans.share(_first(), first, 0);
        share.agreement = second;
        vm.expectRevert(abi.encodeWithSelector(IRevenueBooks.ShareInvalid.selector, second, gone));
        ledger.claim(gone, address(dollar), share);
    }

    // -- what is amended ---------------------------------------------------------------------------------------------

    function test_badInput_amend_revertsWithTermsMismatch_forAnotherAgreementsPlanRoot() public {
        AgreementId first = _agree(_first());
        Terms memory terms = _second();
        Opening memory opening = Plans.opening(_first());
        opening.planRoot = Plans.planRoot(terms);
        bytes memory why = abi.encodeWithSelector(IStandings.TermsMismatch.selector, first);
        _refused(terms, _bothOf(terms), opening, new Authorization[](0), why);
        opening = Plans.opening(_first());
        opening.conditions.parties = terms.parties;
        _refused(terms, _bothOf(terms), opening, new Authorization[](0), why);
    }

    function test_amend_revertsWithAgreementUnknown() public {
        Terms memory terms = _second();
        _refused(
            terms,
            _bothOf(terms),
            Plans.opening(_first()),
            _signedBy(_parties[0], terms),
            abi.encodeWithSelector(IStandings.AgreementUnknown.selector, terms.predecessor)
        );
    }

    function test_amend_revertsWithAlreadyAmended() public {
        AgreementId first = _agree(_first());
        AgreementId second = _amend(_second(), _first());
        Terms memory other = _second();
        other.salt = "other";
        _refused(
            other,
            _bothOf(other),
            Plans.opening(_first()),
            _signedBy(_parties[0], other),
            abi.encodeWithSelector(IActivation.AlreadyAmended.selector, first, second)
        );
    }

    function test_amend_revertsWithPredecessorInvalid() public {
        Terms memory terms = _first();
        _refused(
            terms,
            _nobody(terms),
            Plans.opening(_first()),
            new Authorization[](0),
            abi.encodeWithSelector(IActivation.PredecessorInvalid.selector, 0)
        );
        terms = _second();
        vm.expectRevert(abi.encodeWithSelector(IActivation.PredecessorInvalid.selector, terms.predecessor));
        agreements.activate(terms, _nobody(terms));
    }

    function test_amend_revertsWithWhatIsWrongWithTheTerms() public {
        _agree(_first());
        Terms memory terms = _second();
        terms.holdSeconds = 1;
        _refused(
            terms,
            _nobody(terms),
            Plans.opening(_first()),
            _signedBy(_parties[0], terms),
            abi.encodeWithSelector(IActivation.HoldInvalid.selector, 1)
        );
    }

    // -- chains ------------------------------------------------------------------------------------------------------

    /// @dev Whatever the versions' first seconds are, at any time the newest one in effect stands, and none before it takes
    /// revenue without a deal.
    function testFuzz_amend_aChainOfVersionsHasOneThatStands(uint256 seed, uint40 time) public {
        uint256 count = 5;
        Terms memory terms = _first();
        terms.validUntil = OPEN_ENDED;
        AgreementId[] memory versions = new AgreementId[](count);
        versions[0] = _agree(terms);
        for (uint256 i = 1; i < count; ++i) {
            Terms memory next = _successorOf(terms);
            next.validFrom = START + uint40(bound(uint256(keccak256(abi.encode(seed, i))), 0, 100 days));
            versions[i] = _amend(next, terms);
            terms = next;
        }
        vm.warp(bound(time, START, START + 101 days));
        AgreementId current = agreements.currentOf(versions[0]);
        uint256 stands;
        while (versions[stands] != current) {
            // Each version before the one that stands has ended as its successor came.
            Standing memory standing = agreements.standingOf(versions[stands]);
            vm.assertTrue(standing.succeededFrom <= block.timestamp);
            vm.assertTrue(standing.endsAt < block.timestamp);
            vm.assertEq(agreements.newBookOf(versions[stands], address(dollar)).validUntil(), standing.endsAt);
            assertSame(agreements.currentOf(versions[stands]), current);
            ++stands;
        }
        if (stands + 1 < count) vm.assertTrue(agreements.standingOf(current).succeededFrom > block.timestamp);
    }
}
