// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet that does what its mode says when it is asked about a signature
contract ContractWallet {
    enum Mode {
        Honest,
        Credulous,
        WrongMagic,
        ShortReturn,
        Reverts,
        BurnsGas
    }

    address public immutable OWNER;
    Mode public mode;

    constructor(address owner, Mode mode_) {
        OWNER = owner;
        mode = mode_;
    }

    function become(Mode mode_) external {
        mode = mode_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (mode == Mode.WrongMagic) return 0xdeadbeef;
        if (mode == Mode.Reverts) revert("no");
        if (mode == Mode.BurnsGas) while (true) {}
        if (mode == Mode.ShortReturn) {
            assembly {
                mstore(0, shl(224, 0x1626ba7e))
                return(0, 4)
            }
        }
        if (mode == Mode.Credulous) return 0x1626ba7e;
        return ECDSA.recover(digest, signature) == OWNER ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

/// @title A contract that takes no coin
contract RefusingWallet {
    error NoCoin();

    receive() external payable {
        revert NoCoin();
    }
}

/// @title A contract that calls whatever it was told to when coin comes, and remembers how that ended
contract ReenteringWallet {
    address private _target;
    bytes private _call;
    bytes public answer;
    bool public succeeded;

    function callBack(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    receive() external payable {
        (succeeded, answer) = _target.call(_call);
    }
}
