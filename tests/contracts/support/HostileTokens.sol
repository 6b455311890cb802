// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Takes one percent of each transfer for itself.
contract FeeToken is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) return super._update(from, to, amount);
        super._update(from, address(this), amount / 100);
        super._update(from, to, amount - amount / 100);
    }
}

/// @dev Takes one percent on top of each transfer from whoever sends it.
contract ChargingToken is ERC20("Charge", "CHG") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0)) super._update(from, address(this), amount / 100);
    }
}

/// @dev Says false instead of reverting, and moves nothing.
contract FalseToken is ERC20("False", "NO") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transfer(address, uint256) public pure override returns (bool) {
        return false;
    }

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @dev Returns nothing from its transfers, like USDT.
contract NoReturnToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @dev Refuses to move tokens to or from the accounts it was told to.
contract BlacklistToken is ERC20("Blacklist", "BLK") {
    error Blacklisted(address account);

    mapping(address account => bool) public blacklisted;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function blacklist(address account) external {
        blacklisted[account] = true;
    }

    function toggle(address account) external {
        blacklisted[account] = !blacklisted[account];
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (blacklisted[from]) revert Blacklisted(from);
        if (blacklisted[to]) revert Blacklisted(to);
        super._update(from, to, amount);
    }
}

/// @dev Calls whatever it was told to in the middle of each transfer, and remembers how that ended.
contract HookToken is ERC20("Hook", "HOOK") {
    address public target;
    bytes public call;
    bytes public answer;
    bool public succeeded;
    uint256 public calls;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function hook(address target_, bytes calldata call_) external {
        target = target_;
        call = call_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (target == address(0)) return;
        calls += 1;
        (succeeded, answer) = target.call(call);
    }
}

/// @dev Every balance is a share of a pool that its owner can shrink or grow.
contract RebasingToken is ERC20("Rebase", "RBS") {
    uint256 public percent = 100;

    function mint(address to, uint256 amount) external {
        _mint(to, amount * 100 / percent);
    }

    function rebase(uint256 percent_) external {
        percent = percent_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * percent / 100;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, from == address(0) ? amount : amount * 100 / percent);
    }
}

/// @dev Moves nothing, and claims a balance of whatever it likes afterwards.
contract InflatingToken {
    uint256 public gain;
    mapping(address account => uint256) public balanceOf;

    constructor(uint256 gain_) {
        gain = gain_;
    }

    function transferFrom(address, address to, uint256) external returns (bool) {
        balanceOf[to] += gain;
        return true;
    }
}
