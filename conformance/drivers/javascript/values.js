'use strict';

// Values of scenarios and logs (section 6 of the protocol).

class ScenarioError extends Error {}
class Unsupported extends Error {}

const { portable, rebuild } = require('./freethreading/portable.js');

// A value that can be sent, but not rebuilt by the receiver.
class Unrebuildable {
    [portable]() {
        return { module: __filename, name: 'Unrebuildable', state: null };
    }

    static [rebuild]() {
        throw new Error('this cannot be rebuilt');
    }
}

function demandForm(pattern, text) {
    if (!pattern.test(text)) throw new ScenarioError(`"${text}" is no value of its form`);
}

const forms = {
    int: (text) => {
        demandForm(/^-?[0-9]+$/, text);
        return BigInt(text);
    },
    bytes: (text) => {
        demandForm(/^([0-9a-f]{2})*$/i, text);
        return new Uint8Array(Buffer.from(text, 'hex'));
    },
    fraction: (text) => {
        demandForm(/^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/i, text);
        // There is one type of numbers here: 2.0 is the integer 2, and nothing has to refuse it.
        if (Number.isInteger(Number(text))) throw new Unsupported(`the number ${text} that is no integer`);
        return Number(text);
    },
    opaque: (kind) => {
        if (kind === 'transfer') return () => {};
        if (kind === 'rebuild') return new Unrebuildable();
        throw new ScenarioError(`there is no opaque value "${kind}"`);
    },
};

function readValue(json) {
    if (Array.isArray(json)) return json.map(readValue);
    if (typeof json !== 'object' || json === null) return json;
    const [[form, content] = [], ...others] = Object.entries(json);
    if (others.length > 0 || !Object.hasOwn(forms, form) || typeof content !== 'string') {
        throw new ScenarioError(`${JSON.stringify(json)} is no value`);
    }
    return forms[form](content);
}

function writeValue(value) {
    if (value === undefined) return null;
    if (Array.isArray(value)) return value.map(writeValue);
    if (typeof value === 'bigint') {
        return Number.isSafeInteger(Number(value)) ? Number(value) : { int: value.toString() };
    }
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
    if (value === null || ['boolean', 'string', 'number'].includes(typeof value)) return value;
    throw new Error(`no value of a scenario: ${String(value)}`);
}

// The original of an item that was put, after that (rule 5.20).
function changeOriginal(item) {
    if (Array.isArray(item)) item.push('changed');
    else if (item instanceof Uint8Array) item.fill(0xff);
}

const kinds = [
    'ValueError',
    'RuntimeError',
    'Empty',
    'Full',
    'BrokenBarrierError',
    'ResourceError',
    'TypeError',
];
const errors = { ...require('./freethreading/errors.js'), TypeError };

function kindOf(error) {
    return kinds.includes(error?.name) ? error.name : 'Other';
}

function makeError(kind, message) {
    return new (errors[kind] ?? Error)(message);
}

module.exports = {
    ScenarioError,
    Unsupported,
    Unrebuildable,
    readValue,
    writeValue,
    changeOriginal,
    kindOf,
    makeError,
};
