'use strict';

// Functions do not cross from thread to thread. What does is where a function can be found, with first arguments.

const { portable, rebuild } = require('./portable.js');

class FunctionReference {
    constructor(module, name, ...args) {
        Object.assign(this, { module, name, args });
    }

    static [rebuild]({ module, name, args }) {
        return new FunctionReference(module, name, ...args);
    }

    [portable]() {
        const { module, name, args } = this;
        return { module: __filename, name: 'FunctionReference', state: { module, name, args } };
    }

    call(...more) {
        return require(this.module)[this.name](...this.args, ...more);
    }
}

module.exports = { FunctionReference };
