// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {Terms} from "../../../contracts/agreements/types/Terms.sol";
import {Decision, Retag, Reveal} from "../../../contracts/deals/types/Deals.sol";
import {Bundle, Invoice} from "../../../contracts/revenue/types/Payments.sol";
import {AgreementId, DealId, ProgrammeId} from "../../../contracts/shared/types/Ids.sol";
import {vm} from "./Vm.sol";

/// @title What wallets sign, hashed by forge's own EIP-712 encoder from the type strings of the interfaces
library TypedData {
    string private constant TERMS =
        "Terms(address[] parties,Payee[] payees,Tranche[] tranches,bytes32 listRoot,bytes32 listHash,uint32 listCount,address[] tokens,bytes32 programme,bytes32[] territories,uint32 decisionSeconds,uint32 exclusivitySeconds,uint32 holdSeconds,uint32 paymentSeconds,uint8 clawback,address arbiter,uint40 validFrom,uint40 validUntil,uint32 noticeSeconds,uint8 afterEnd,bytes32 predecessor,bytes32 documentHash,string uri,bytes32 salt)";
    string private constant PAYEE = "Payee(address account,uint64[] weights)";
    string private constant TRANCHE = "Tranche(uint256 upTo,uint32 periodSeconds)";
    string private constant BUNDLE = "Bundle(bytes32 agreement,Invoice[] invoices)";
    string private constant INVOICE = "Invoice(bytes32 deal,uint256 amount,bytes32 invoiceRef)";

    struct RetagWonDeals {
        address vendor;
        bytes32[] dealsAndTags;
        uint256 nonce;
        uint256 deadline;
    }

    struct Acceptance {
        address account;
        Terms terms;
        uint256 nonce;
        uint256 deadline;
    }

    struct Register {
        address account;
        string name;
        string uri;
        uint256 nonce;
        uint256 deadline;
    }

    struct CreateProgramme {
        address owner;
        uint96 number;
        string name;
        uint8 rule;
        uint256 nonce;
        uint256 deadline;
    }

    struct PayBatch {
        address account;
        address token;
        Bundle[] bundles;
        uint256 nonce;
        uint256 deadline;
    }

    /// @notice The digest to sign for a contract: its own domain, by ERC-5267, around the struct's hash.
    function digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address verifying,,) =
            IERC5267(verifier).eip712Domain();
        return digest(name, version, chainId, verifying, structHash);
    }

    function digest(string memory name, string memory version, uint256 chainId, address verifier, bytes32 structHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 domainType =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 separator =
            keccak256(abi.encode(domainType, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifier));
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function terms(Terms memory value) internal pure returns (bytes32) {
        return vm.eip712HashStruct(string.concat(TERMS, PAYEE, TRANCHE), abi.encode(value));
    }

    function acceptance(address account, Terms memory value, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            string.concat(
                "Acceptance(address account,Terms terms,uint256 nonce,uint256 deadline)", PAYEE, TERMS, TRANCHE
            ),
            abi.encode(Acceptance(account, value, nonce, deadline))
        );
    }

    function cancelNonce(address account, uint256 cancelled, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "CancelNonce(address account,uint256 cancelled,uint256 nonce,uint256 deadline)",
            abi.encode(account, cancelled, nonce, deadline)
        );
    }

    function register(Register memory value) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Register(address account,string name,string uri,uint256 nonce,uint256 deadline)", abi.encode(value)
        );
    }

    function createProgramme(CreateProgramme memory value) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "CreateProgramme(address owner,uint96 number,string name,uint8 rule,uint256 nonce,uint256 deadline)",
            abi.encode(value)
        );
    }

    function commit(address account, bytes32 commitment, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "Commit(address account,bytes32 commitment,uint256 nonce,uint256 deadline)",
            abi.encode(account, commitment, nonce, deadline)
        );
    }

    function reveal(Reveal memory value, uint256 nonce, uint256 deadline) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Reveal(address account,bytes32 agreement,bytes32 tag,bytes32 salt,bytes32 territory,uint32 epoch,uint256 nonce,uint256 deadline)",
            abi.encode(value, nonce, deadline)
        );
    }

    function decide(address vendor, Decision memory value, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "Decide(address vendor,bytes32 deal,uint8 outcome,bytes32 reason,uint256 value,address token,uint256 nonce,uint256 deadline)",
            abi.encode(vendor, value, nonce, deadline)
        );
    }

    function withdraw(address account, DealId deal, uint256 nonce, uint256 deadline) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Withdraw(address account,bytes32 deal,uint256 nonce,uint256 deadline)",
            abi.encode(account, deal, nonce, deadline)
        );
    }

    function retag(address account, DealId deal, bytes32 tag, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "Retag(address account,bytes32 deal,bytes32 tag,uint256 nonce,uint256 deadline)",
            abi.encode(account, deal, tag, nonce, deadline)
        );
    }

    function retagWonDeals(address vendor, Retag[] memory retags, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes32[] memory words = new bytes32[](2 * retags.length);
        for (uint256 i; i < retags.length; ++i) {
            (words[2 * i], words[2 * i + 1]) = (DealId.unwrap(retags[i].deal), retags[i].tag);
        }
        return vm.eip712HashStruct(
            "RetagWonDeals(address vendor,bytes32[] dealsAndTags,uint256 nonce,uint256 deadline)",
            abi.encode(RetagWonDeals(vendor, words, nonce, deadline))
        );
    }

    function extendDeal(address account, DealId deal, uint40 exclusiveUntil, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "ExtendDeal(address account,bytes32 deal,uint40 exclusiveUntil,uint256 nonce,uint256 deadline)",
            abi.encode(account, deal, exclusiveUntil, nonce, deadline)
        );
    }

    function review(address reviewer, DealId deal, uint8 rating, bytes32 comment, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "Review(address reviewer,bytes32 deal,uint8 rating,bytes32 comment,uint256 nonce,uint256 deadline)",
            abi.encode(reviewer, deal, rating, comment, nonce, deadline)
        );
    }

    function revokeReview(address reviewer, DealId deal, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "RevokeReview(address reviewer,bytes32 deal,uint256 nonce,uint256 deadline)",
            abi.encode(reviewer, deal, nonce, deadline)
        );
    }

    function openEpoch(address owner, ProgrammeId programme, uint32 graceSeconds, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "OpenEpoch(address owner,bytes32 programme,uint32 graceSeconds,uint256 nonce,uint256 deadline)",
            abi.encode(owner, programme, graceSeconds, nonce, deadline)
        );
    }

    function endAgreement(address account, AgreementId agreement, uint40 endsAt, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "EndAgreement(address account,bytes32 agreement,uint40 endsAt,uint256 nonce,uint256 deadline)",
            abi.encode(account, agreement, endsAt, nonce, deadline)
        );
    }

    function giveNotice(address account, AgreementId agreement, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "GiveNotice(address account,bytes32 agreement,uint256 nonce,uint256 deadline)",
            abi.encode(account, agreement, nonce, deadline)
        );
    }

    function ruleEnd(
        address arbiter,
        AgreementId agreement,
        uint40 endsAt,
        bytes32 reason,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "RuleEnd(address arbiter,bytes32 agreement,uint40 endsAt,bytes32 reason,uint256 nonce,uint256 deadline)",
            abi.encode(arbiter, agreement, endsAt, reason, nonce, deadline)
        );
    }

    function acceptWallet(address account, address wallet, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "AcceptWallet(address account,address wallet,uint256 nonce,uint256 deadline)",
            abi.encode(account, wallet, nonce, deadline)
        );
    }

    function acceptOwnership(address account, address owner, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "AcceptOwnership(address account,address owner,uint256 nonce,uint256 deadline)",
            abi.encode(account, owner, nonce, deadline)
        );
    }

    function rotate(address account, address wallet, uint256 nonce, uint256 deadline) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Rotate(address account,address wallet,uint256 nonce,uint256 deadline)",
            abi.encode(account, wallet, nonce, deadline)
        );
    }

    function changeOwner(address account, address owner, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return vm.eip712HashStruct(
            "ChangeOwner(address account,address owner,uint256 nonce,uint256 deadline)",
            abi.encode(account, owner, nonce, deadline)
        );
    }

    function cancelRecovery(address account, uint256 nonce, uint256 deadline) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "CancelRecovery(address account,uint256 nonce,uint256 deadline)", abi.encode(account, nonce, deadline)
        );
    }

    function pay(
        address account,
        AgreementId agreement,
        address token,
        Invoice memory invoice,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            "Pay(address account,bytes32 agreement,address token,bytes32 deal,uint256 amount,bytes32 invoiceRef,uint256 nonce,uint256 deadline)",
            abi.encode(account, agreement, token, invoice, nonce, deadline)
        );
    }

    function payBatch(PayBatch memory value) internal pure returns (bytes32) {
        return vm.eip712HashStruct(
            string.concat(
                "PayBatch(address account,address token,Bundle[] bundles,uint256 nonce,uint256 deadline)",
                BUNDLE,
                INVOICE
            ),
            abi.encode(value)
        );
    }
}
