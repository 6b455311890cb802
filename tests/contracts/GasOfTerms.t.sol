// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealState, Decision, Reveal} from "../../contracts/deals/types/Deals.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId, ProgrammeId} from "../../contracts/shared/types/Ids.sol";
import {GasWorld} from "./support/GasWorld.sol";
import {Plans} from "./support/Plans.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

/// @title What it costs to amend and to end, to rotate, and what deals do beyond being won; on the meter of {GasWorld}
contract GasOfTermsTest is GasWorld {
    function _ordinary() private view returns (Terms memory terms) {
        terms = _terms(_two);
        terms.noticeSeconds = 30 days;
        terms.afterEnd = 2;
    }

    function _nothing() private pure returns (Authorization memory) {
        return Authorization(0, 0, "");
    }

    function test_gas_amend() public {
        Terms memory first = _ordinary();
        _pay(_payer.account, _activate(_two, first), 1000 * DOLLARS, _ref());
        Terms memory second = _successorOf(first);
        Authorization[] memory acceptances = _acceptances(_two, second);
        Opening memory opening = Plans.opening(first);
        agreements.amend(second, acceptances, opening, new Authorization[](0));
        _report("amend an agreement, co-signed by 2 parties", 1, 0);
    }

    function test_gas_giveNotice() public {
        AgreementId agreement = _activate(_two, _ordinary());
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        Opening memory opening = Plans.opening(_ordinary());
        vm.prank(_two[0].account);
        agreements.giveNotice(_two[0].account, agreement, opening);
        _report("give notice of an agreement's end", 1, 0);
    }

    function test_gas_endByConsent() public {
        AgreementId agreement = _activate(_two, _ordinary());
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        uint40 endsAt = uint40(block.timestamp) + 30 days;
        Authorization[] memory consents = new Authorization[](2);
        for (uint256 i; i < 2; ++i) {
            consents[i] = _unsigned(_freshNonce());
            bytes32 action =
                TypedData.endAgreement(_two[i].account, agreement, endsAt, consents[i].nonce, consents[i].deadline);
            consents[i].signature = _signature(_two[i].key, TypedData.digest(address(agreements), action));
        }
        Opening memory opening = Plans.opening(_ordinary());
        agreements.endByConsent(agreement, endsAt, opening, consents);
        _report("end an agreement by the consent of 2 parties", 1, 0);
    }

    function test_gas_rotate() public {
        Partner memory wallet = _partner("wallet");
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptWallet(_two[0].account, wallet.account, consent.nonce, consent.deadline);
        consent.signature = _signature(wallet.key, TypedData.digest(address(partners), action));
        vm.prank(_two[0].account);
        partners.rotate(_two[0].account, wallet.account, consent);
        _report("rotate a wallet for the first time", 1, 0);
    }

    function test_gas_dealsBeyondTheOrdinary() public {
        Terms memory terms = _ordinary();
        terms.programme = _programme(_two[0], 1);
        AgreementId agreement = _activate(_two, terms);
        DealId deal = _register(terms, agreement, "tag 1");
        DealId other = _register(terms, agreement, "tag 2");
        DealId third = _register(terms, agreement, "tag 3");
        vm.warp(block.timestamp + 15 days);
        deals.approveByDefault(deal);
        deals.approveByDefault(other);
        _report("approve a deal by default", 1, 0);
        _extend(other);
        _retag(deal, third);
        _review(deal);
    }

    function _register(Terms memory terms, AgreementId agreement, bytes32 tag) private returns (DealId) {
        address account = _two[1].account;
        Reveal memory reveal = Reveal(account, agreement, tag, "salt", 0, 1);
        bytes32 commitment =
            keccak256(abi.encode(block.chainid, address(deals), account, agreement, tag, bytes32("salt")));
        vm.prank(account);
        deals.commit(account, commitment);
        Opening memory opening = Plans.opening(terms);
        vm.prank(account);
        return deals.reveal(reveal, opening);
    }

    function _extend(DealId deal) private {
        uint40 until = uint40(block.timestamp) + 200 days;
        Authorization memory consent = _unsigned(_freshNonce());
        bytes32 action = TypedData.extendDeal(_two[1].account, deal, until, consent.nonce, consent.deadline);
        consent.signature = _signature(_two[1].key, TypedData.digest(address(deals), action));
        vm.prank(_two[0].account);
        deals.extend(deal, until, consent, _nothing());
        _report("extend a deal, one side signing", 1, 0);
    }

    function _retag(DealId first, DealId second) private {
        ProgrammeId programme = agreements.programmeId(_two[0].account, 1);
        vm.prank(_two[0].account);
        agreements.openEpoch(_two[0].account, programme, 30 days);
        _report("open a programme's next epoch", 1, 0);
        vm.prank(_two[1].account);
        deals.retag(_two[1].account, first, "new tag 1");
        vm.prank(_two[1].account);
        deals.retag(_two[1].account, second, "new tag 2");
        _report("tag a deal again", 1, 0);
    }

    function _review(DealId deal) private {
        vm.prank(_two[0].account);
        deals.decide(_two[0].account, Decision(deal, DealState.Won, 0, 90_000 * DOLLARS, address(dollar)));
        vm.prank(_two[0].account);
        deals.review(_two[0].account, deal, 5, "comment");
        _report("review a deal", 1, 0);
    }
}
