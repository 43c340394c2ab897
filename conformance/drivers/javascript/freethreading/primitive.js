'use strict';

// A primitive is a monitor, and crosses to another thread as the words of it; some have other parts, which follow.

const { Monitor } = require('./monitor.js');
const { portable, rebuild } = require('./portable.js');

const monitorOf = Symbol('monitorOf');
const partsOf = Symbol('partsOf');

class Primitive {
    constructor(module, fields, lists, parts = []) {
        this[monitorOf] = new Monitor(fields, lists);
        this[partsOf] = parts;
        describe(this, module, fields, lists);
    }

    static [rebuild]({ module, fields, lists, words, parts }) {
        const primitive = Object.create(this.prototype);
        primitive[monitorOf] = new Monitor(fields, lists, words);
        primitive[partsOf] = parts;
        return describe(primitive, module, fields, lists);
    }
}

function describe(primitive, module, fields, lists) {
    primitive[portable] = () => ({
        module,
        name: primitive.constructor.name,
        state: { module, fields, lists, words: primitive[monitorOf].words, parts: primitive[partsOf] },
    });
    return primitive;
}

module.exports = { Primitive, monitorOf, partsOf };
