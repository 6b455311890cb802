// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {Terms} from "../../contracts/agreements/types/Terms.sol";
import {Permit} from "../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {NoReturnToken} from "./support/HostileTokens.sol";
import {MoneyWorld} from "./support/MoneyWorld.sol";
import {TypedData} from "./support/TypedData.sol";
import {vm} from "./support/Vm.sol";

contract PermitTest is MoneyWorld {
    Partner private _owner;
    AgreementId private _agreement;

    function setUp() public override {
        super.setUp();
        _owner = _partner("owner");
        _agreement = _agree(_heldTerms(0));
        dollar.mint(_owner.account, 1000);
    }

    function _permit(uint256 value) private view returns (Permit memory permit) {
        uint256 nonce = IERC20Permit(address(dollar)).nonces(_owner.account);
        bytes32 action = vm.eip712HashStruct(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
            abi.encode(_owner.account, address(ledger), value, nonce, block.timestamp)
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_owner.key, TypedData.digest(address(dollar), action));
        return Permit(value, block.timestamp, v, r, s);
    }

    function _pays(uint256 amount, bytes32 invoiceRef) private view returns (Authorization memory signed) {
        signed = Authorization(uint256(invoiceRef), block.timestamp, "");
        bytes32 action = TypedData.pay(
            _owner.account, _agreement, address(dollar), _invoice(amount, invoiceRef), signed.nonce, signed.deadline
        );
        signed.signature = _signature(_owner.key, TypedData.digest(address(ledger), action));
    }

    function _missing(uint256 amount) private view returns (bytes memory) {
        return abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(ledger), 0, amount);
    }

    function test_permit_paysInOneTransaction() public {
        Permit memory permit = _permit(600);
        vm.prank(_owner.account);
        ledger.payWithPermit(_agreement, address(dollar), _invoice(600, "ref"), permit);
        vm.assertEq(dollar.balanceOf(_owner.account), 400);
        vm.assertEq(dollar.allowance(_owner.account, address(ledger)), 0);
    }

    function test_permit_withASignedPaymentCarriedByAnyone() public {
        Permit memory permit = _permit(600);
        Authorization memory signed = _pays(600, "ref");
        vm.prank(stranger);
        ledger.payWithAuthorizationAndPermit(
            _owner.account, _agreement, address(dollar), _invoice(600, "ref"), signed, permit
        );
        vm.assertEq(dollar.balanceOf(_owner.account), 400);
    }

    /// @dev Whoever sees a permit in the mempool can show it to the token, and to the ledger with a payment of its own: the
    /// owner's tokens move for neither, and the owner's payment goes through all the same.
    function test_attack_permitSeenInTheMempoolAndSpentElsewhere() public {
        Permit memory permit = _permit(600);
        vm.expectRevert(_missing(600));
        vm.prank(stranger);
        ledger.payWithPermit(_agreement, address(dollar), _invoice(600, "stolen"), permit);
        Authorization memory unsigned = _unsigned(1);
        vm.expectPartialRevert(bytes4(keccak256("SignatureInvalid(address,address)")));
        vm.prank(stranger);
        ledger.payWithAuthorizationAndPermit(
            _owner.account, _agreement, address(dollar), _invoice(600, "stolen"), unsigned, permit
        );
        vm.prank(stranger);
        IERC20Permit(address(dollar))
            .permit(_owner.account, address(ledger), 600, permit.deadline, permit.v, permit.r, permit.s);
        vm.expectRevert(_missing(600));
        vm.prank(stranger);
        ledger.pay(_agreement, address(dollar), _invoice(600, "stolen"));

        vm.prank(_owner.account);
        ledger.payWithPermit(_agreement, address(dollar), _invoice(600, "ref"), permit);
        vm.assertEq(dollar.balanceOf(_owner.account), 400);
    }

    function test_permit_thatIsNoGoodIsNoPayment() public {
        Permit memory permit = _permit(600);
        permit.value = 601;
        vm.expectRevert(_missing(601));
        vm.prank(_owner.account);
        ledger.payWithPermit(_agreement, address(dollar), _invoice(601, "ref"), permit);
        permit = _permit(600);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(_missing(600));
        vm.prank(_owner.account);
        ledger.payWithPermit(_agreement, address(dollar), _invoice(600, "ref"), permit);
    }

    /// @dev A token that knows no permit is paid in by its allowance, as ever.
    function test_permit_ofATokenWithoutPermit() public {
        NoReturnToken token = new NoReturnToken();
        Terms memory terms = _heldTerms(0);
        terms.tokens[0] = address(token);
        AgreementId agreement = _agree(terms);
        token.mint(_owner.account, 100);
        Permit memory permit = _permit(1);
        vm.expectRevert();
        vm.prank(_owner.account);
        ledger.payWithPermit(agreement, address(token), _invoice(100, "ref"), permit);
        vm.prank(_owner.account);
        token.approve(address(ledger), 100);
        vm.prank(_owner.account);
        ledger.payWithPermit(agreement, address(token), _invoice(100, "ref"), permit);
        vm.assertEq(token.balanceOf(address(ledger)), 100);
    }
}
