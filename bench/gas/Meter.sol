// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "@tests/support/Vm.sol";

interface IDollar {
    function mint(address account, uint256 amount) external;
    function transfer(address to, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

/// @title The meter of tests/contracts/Gas.t.sol, its token and its accounts, for contracts that are not ours
/// @dev Run with `--isolate`, so that each call is a transaction of its own: the 21,000 and the calldata are counted.
/// The payer and the payees hold tokens before, as in a ledger in use.
abstract contract Meter {
    uint256 internal constant DOLLARS = 1e6;
    /// @dev Not a multiple of any number of payees: the rest keeps the splitter's balance above zero, which is what a
    /// splitter in use has, and cheaper than refilling an empty one.
    uint256 internal constant PAYMENT = 1000 * DOLLARS + 1;

    IDollar internal dollar;
    address internal payer;
    string private _peer;

    constructor(string memory peer) {
        _peer = peer;
    }

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        dollar = IDollar(vm.deployCode("../build/forge/out/TestDollar.sol/TestDollar.json", ""));
        payer = _account("payer");
        dollar.mint(payer, type(uint128).max);
        dollar.transfer(address(1), 0);
        if (vm.lastCallGas().gasTotalUsed < 21_000) vm.skip(true);
    }

    function _key(string memory name) internal pure returns (uint256) {
        return uint256(keccak256(bytes(name)));
    }

    function _account(string memory name) internal pure returns (address) {
        return vm.addr(_key(name));
    }

    /// @dev Payees of equal shares who hold a token already.
    function _payees(uint256 count) internal returns (address[] memory accounts, uint256[] memory shares) {
        accounts = new address[](count);
        shares = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            accounts[i] = _account(vm.toString(i));
            shares[i] = 1;
            dollar.mint(accounts[i], 1);
        }
    }

    function _pay(address splitter) internal {
        vm.prank(payer);
        dollar.transfer(splitter, PAYMENT);
    }

    /// @dev What the call before cost, as a whole transaction.
    function _spent() internal view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    function _report(string memory action, uint256 gas) internal {
        vm.snapshotValue(_peer, action, gas);
    }

    function _report(string memory action, uint256 count, string memory who, uint256 gas) internal {
        _report(string.concat(action, ", ", vm.toString(count), " ", who), gas);
    }
}
