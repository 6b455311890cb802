// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// @dev The contracts are given one another for good, so none takes what is no contract, or is of another ledger.
contract ConstructorsTest is World {
    address[5] private _own;
    address[5] private _other;

    function setUp() public override {
        super.setUp();
        _own = _all();
        super.setUp();
        _other = _all();
    }

    /// @dev Partners, agreements, deals, settlement, debts.
    function _all() private view returns (address[5] memory) {
        INaming names = INaming(address(ledger));
        return [address(partners), address(agreements), address(deals), names.SETTLEMENT(), names.DEBTS()];
    }

    function _ledgerOf(address[5] memory given, address wrong) private {
        bytes memory code = vm.getCode("RevenueLedger.sol:RevenueLedger");
        bytes memory arguments = abi.encode(given[0], given[1], given[2], given[3], given[4], consortium);
        _refused(bytes.concat(code, arguments), wrong);
    }

    function _refused(bytes memory creation, address wrong) private {
        vm.expectRevert(abi.encodeWithSignature("NotOfThisLedger(address)", wrong));
        assembly ("memory-safe") {
            pop(create(0, add(creation, 0x20), mload(creation)))
        }
    }

    /// @dev The agreements name the ledger that is there: no second one is created with them.
    function test_attack_aLedgerOfOtherRegistriesIsNotCreated() public {
        _ledgerOf(_own, _own[1]);
        address[5] memory given = _own;
        given[2] = _other[2];
        _ledgerOf(given, _own[3]);
        given = _own;
        given[4] = _other[4];
        _ledgerOf(given, _other[4]);
        given = _own;
        given[0] = stranger;
        _ledgerOf(given, stranger);
    }

    function test_attack_dealsOfOtherPartnersAreNotCreated() public {
        bytes memory code = vm.getCode("DealRegistry.sol:DealRegistry");
        _refused(bytes.concat(code, abi.encode(_own[0], _other[1])), _other[1]);
        _refused(bytes.concat(code, abi.encode(stranger, _own[1])), stranger);
    }

    function test_attack_agreementsWithoutPartnersAreNotCreated() public {
        bytes memory code = vm.getCode("AgreementRegistry.sol:AgreementRegistry");
        _refused(bytes.concat(code, abi.encode(stranger, address(ledger))), stranger);
    }
}

interface INaming {
    function SETTLEMENT() external view returns (address);
    function DEBTS() external view returns (address);
}
