// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {Deal, DealState} from "../../../contracts/deals/types/Deals.sol";
import {Bundle, Invoice, Permit} from "../../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {AgreementId, DealId, NO_DEAL} from "../../../contracts/shared/types/Ids.sol";
import {MoneyActions} from "./MoneyActions.sol";
import {PartnerActions} from "./PartnerActions.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title What is done seldom: a programme's next key, deals that nobody decides, permits, signed batches, owners
abstract contract SeldomActions is MoneyActions, PartnerActions {
    // -- deals -------------------------------------------------------------------------------------------------------

    /// @dev Most attempts are passed over, so that deals have time to be won.
    function openEpoch(uint256 seed) external journaled {
        if (seed % 3 != 0) revert NothingToDo();
        _openEpochWith(1 days);
        ++done["open an epoch"];
    }

    function retag(uint256 which, uint256 customer) external journaled {
        if (_deals.length == 0) revert NothingToDo();
        DealId id = _deals[which % _deals.length];
        Deal memory deal = deals.dealOf(id);
        bytes32 tag = bytes32(customer % 4);
        if (deal.state == DealState.Won) {
            _retagWon(id, tag);
            ++done["tag a won deal again"];
        } else {
            vm.prank(_actingFor(deal.account));
            deals.retag(deal.account, id, tag);
            ++done["tag a deal again"];
        }
        if (deals.dealOf(id).priority != deal.priority) _never("a deal tagged again loses its place");
    }

    function approveByDefault(uint256 which) external journaled {
        (DealId id,) = _undecided(which / 4);
        if (which % 4 != 0 || id == NO_DEAL) revert NothingToDo();
        uint256 decideBy = deals.dealOf(id).decideBy;
        if (block.timestamp <= decideBy) {
            try deals.approveByDefault(id) {
                _never("a deal approved by default in time");
            } catch {}
            vm.warp(decideBy + 1);
        }
        deals.approveByDefault(id);
        ++done["approve by default"];
    }

    // -- money -------------------------------------------------------------------------------------------------------

    /// @dev By the payer's call, or by its signature that anyone carries. The permit leaves nothing of the allowance.
    function payWithPermit(uint256 who, uint256 which, uint256 amount, uint256 form) external journaled {
        bool signedForm = form % 2 == 0;
        address account = _payers[who % PAYERS].account;
        uint256 version = _newest[which % PEOPLE];
        AgreementId agreement = _versions[version].agreement;
        Invoice memory invoice = _newInvoice(amount);
        address payer = _actingFor(account);
        Permit memory permit = _permit(payer, invoice.amount);
        if (signedForm) {
            Authorization memory signed = _unsigned(_freshNonce());
            bytes32 action = TypedData.pay(account, agreement, address(dollar), invoice, signed.nonce, signed.deadline);
            signed = _signedBy(account, address(ledger), signed, action);
            ledger.payWithAuthorizationAndPermit(account, agreement, address(dollar), invoice, signed, permit);
        } else {
            vm.prank(payer);
            ledger.payWithPermit(agreement, address(dollar), invoice, permit);
        }
        vm.prank(payer);
        dollar.approve(address(ledger), type(uint256).max);
        _noteIn(payer, version, address(dollar), invoice, invoice.amount);
        ++done[signedForm ? "pay with a permit, signed" : "pay with a permit"];
    }

    function paySignedBatch(uint256 who, uint256 which, uint256 token, uint256 amount) external journaled {
        address paid = tokenAt(token % 2);
        address account = _payers[who % PAYERS].account;
        Bundle[] memory bundles = _newBundles(_actingFor(account), which, paid, amount);
        Authorization memory signed = _unsigned(_freshNonce());
        bytes32 action = TypedData.payBatch(TypedData.PayBatch(account, paid, bundles, signed.nonce, signed.deadline));
        signed = _signedBy(account, address(ledger), signed, action);
        ledger.payBatchWithAuthorization(account, paid, bundles, signed);
        ++done["pay a signed batch"];
    }

    function _permit(address payer, uint256 value) private view returns (Permit memory permit) {
        bytes32 action = vm.eip712HashStruct(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
            abi.encode(payer, address(ledger), value, IERC20Permit(address(dollar)).nonces(payer), block.timestamp)
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(payer), TypedData.digest(address(dollar), action));
        return Permit(value, block.timestamp, v, r, s);
    }

    // -- owners ------------------------------------------------------------------------------------------------------

    /// @dev An account names an owner; with one, the owner alone gives it another wallet, or its place back.
    function changeOwner(uint256 who, uint256 form) external journaled {
        address account = _accountAt(who);
        address before = _actingFor(account);
        address owner = partners.ownerOf(account);
        if (owner == before) {
            Partner memory named = _newKey();
            Authorization memory consent = _unsigned(_freshNonce());
            bytes32 action = TypedData.acceptOwnership(account, named.account, consent.nonce, consent.deadline);
            consent.signature = _signature(named.key, TypedData.digest(address(partners), action));
            vm.prank(before);
            partners.changeOwner(account, named.account, consent);
            ++done["name an owner"];
        } else if (form % 3 == 0) {
            vm.prank(owner);
            partners.changeOwner(account, address(0), _unsigned(0));
            ++done["take the owner's place back"];
        } else {
            _rotateAs(owner, account, before);
        }
    }

    function _rotateAs(address owner, address account, address before) private {
        if (_wallets.length == MOST_WALLETS) revert NothingToDo();
        Partner memory wallet = _newKey();
        Authorization memory consent = _consentOf(wallet, account);
        vm.prank(before);
        try partners.rotate(account, wallet.account, consent) {
            _never("a wallet rotates an account that has an owner");
        } catch {}
        vm.prank(owner);
        partners.rotate(account, wallet.account, consent);
        _handOver(account, before, wallet);
        ++done["rotate as the owner"];
    }
}
