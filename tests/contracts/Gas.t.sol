// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Opening, Terms} from "../../contracts/agreements/types/Terms.sol";
import {DealState, Decision, Reveal} from "../../contracts/deals/types/Deals.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Bundle, Invoice} from "../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId} from "../../contracts/shared/types/Ids.sol";
import {GasWorld} from "./support/GasWorld.sol";
import {Plans} from "./support/Plans.sol";
import {vm} from "./support/Vm.sol";

/// @title What each action costs, on the meter of {GasWorld}
contract GasTest is GasWorld {
    function test_gas_registerPartner() public {
        vm.prank(_two[0].account);
        partners.register(_two[0].account, "Example Industries Ltd", "https://partners.example/industries");
        _report("register a partner", 1, 0);
    }

    function test_gas_agreementCoSignedByTwo() public {
        _activateAndReport(2, "agreement co-signed by 2 parties", 130_000);
    }

    function test_gas_agreementCoSignedByTen() public {
        _activateAndReport(10, "agreement co-signed by 10 parties", 272_000);
    }

    function test_gas_agreementCoSignedByHundred() public {
        _activateAndReport(100, "agreement co-signed by 100 parties", 0);
    }

    function test_gas_deals() public {
        Terms memory terms = _terms(_two);
        terms.programme = _programme(_two[0], 1);
        AgreementId agreement = _activate(_two, terms);
        address account = _two[1].account;
        Opening memory opening = Plans.opening(terms);
        Reveal memory first = Reveal(account, agreement, "tag 1", "salt", 0, 1);
        Reveal memory second = Reveal(account, agreement, "tag 2", "salt", 0, 1);
        _commit(first);
        _commit(second);
        _report("commit a deal", 1, 0);
        vm.prank(account);
        deals.reveal(first, opening);
        _report("reveal the first deal of an agreement", 1, 0);
        vm.prank(account);
        DealId deal = deals.reveal(second, opening);
        _report("reveal a deal", 1, 140_000);

        vm.warp(block.timestamp + 2 days);
        vm.prank(_two[0].account);
        deals.decide(_two[0].account, Decision(deal, DealState.Approved, 0, 0, address(0)));
        _report("approve a deal", 1, 0);
        vm.prank(_two[0].account);
        deals.decide(_two[0].account, Decision(deal, DealState.Won, 0, 90_000 * DOLLARS, address(dollar)));
        _report("declare a deal won", 1, 0);
        _pay(_payer.account, agreement, 1000 * DOLLARS, "ref 1");
        vm.prank(_payer.account);
        ledger.pay(agreement, address(dollar), Invoice(deal, 1000 * DOLLARS, "ref 2"));
        _report("pay an invoice of a won deal, no hold", 1, 0);
    }

    function test_gas_pay() public {
        AgreementId agreement = _activate(_two, _terms(_two));
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        _report("pay the first invoice of an agreement, no hold", 1, 0);
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        _report("pay an invoice, no hold", 1, 83_000);
    }

    function test_gas_payHundredInvoices() public {
        AgreementId agreement = _activate(_two, _terms(_two));
        _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
        Bundle[] memory bundles = new Bundle[](1);
        bundles[0].agreement = agreement;
        bundles[0].invoices = new Invoice[](100);
        for (uint256 i; i < 100; ++i) {
            bundles[0].invoices[i] = _invoice(1000 * DOLLARS + i, _ref());
        }
        vm.prank(_payer.account);
        ledger.payBatch(address(dollar), bundles);
        _report("pay 100 invoices of one agreement in one call, each", 100, 25_500);
    }

    function test_gas_payHundredInvoicesOfTwentyAgreements() public {
        Bundle[] memory bundles = new Bundle[](20);
        for (uint256 i; i < 20; ++i) {
            Terms memory terms = _terms(_two);
            terms.salt = bytes32(i);
            bundles[i].agreement = _activate(_two, terms);
            _pay(_payer.account, bundles[i].agreement, 1000 * DOLLARS, _ref());
            bundles[i].invoices = new Invoice[](5);
            for (uint256 k; k < 5; ++k) {
                bundles[i].invoices[k] = _invoice(1000 * DOLLARS + k, _ref());
            }
        }
        vm.prank(_payer.account);
        ledger.payBatch(address(dollar), bundles);
        _report("pay 100 invoices of 20 agreements in one call, each", 100, 0);
    }

    function test_gas_claimOfTwoPayees() public {
        Terms memory terms = _terms(_two);
        _claimAndReport(terms, _activate(_two, terms), 0, "2 payees", 68_000);
    }

    function test_gas_claimToAnotherRecipient() public {
        Terms memory terms = _terms(_two);
        AgreementId agreement = _activate(_two, terms);
        address account = _two[0].account;
        for (uint256 i; i < 2; ++i) {
            _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
            vm.prank(account);
            ledger.claimTo(account, stranger, address(dollar), _only(Plans.share(terms, agreement, 0)));
        }
        _report("claim to another recipient, one tranche, 2 payees", 1, 0);
    }

    function test_gas_claimAcrossTwentyAgreements() public {
        Share[] memory shares = new Share[](20);
        for (uint256 i; i < 20; ++i) {
            Terms memory terms = _terms(_two);
            terms.salt = bytes32(i);
            AgreementId agreement = _activate(_two, terms);
            _pay(_payer.account, agreement, 1000 * DOLLARS, _ref());
            shares[i] = Plans.share(terms, agreement, 0);
        }
        ledger.claimAcross(_two[0].account, address(dollar), shares);
        _report("claim across 20 agreements for the first time, each", 20, 0);
        for (uint256 i; i < 20; ++i) {
            _pay(_payer.account, shares[i].agreement, 1000 * DOLLARS, _ref());
        }
        ledger.claimAcross(_two[0].account, address(dollar), shares);
        _report("claim across 20 agreements, each", 20, 20_000);
    }

    function _activateAndReport(uint256 count, string memory action, uint256 limit) private {
        Partner[] memory list = _partners(count);
        Terms memory terms = _terms(list);
        terms.programme = _programme(list[0], 1);
        Authorization[] memory acceptances = _acceptances(list, terms);
        agreements.activate(terms, acceptances);
        _report(action, 1, limit);
    }

    function _commit(Reveal memory reveal) private {
        bytes32 commitment = keccak256(
            abi.encode(block.chainid, address(deals), reveal.account, reveal.agreement, reveal.tag, reveal.salt)
        );
        vm.prank(reveal.account);
        deals.commit(reveal.account, commitment);
    }
}
