'use strict';

// What the language leaves unchecked: kinds and number of arguments.

const { ValueError } = require('./errors.js');

const largest = 2147483647;

function requireBoolean(value, what) {
    if (typeof value !== 'boolean') throw new TypeError(`${what} has to be true or false`);
}

function requireInteger(value, what) {
    if (!Number.isInteger(value)) throw new TypeError(`${what} has to be an integer`);
}

// A time-out is in milliseconds; undefined and null mean that there is no limit.
function readTimeout(timeout) {
    if (timeout === undefined || timeout === null) return Infinity;
    if (typeof timeout !== 'number') throw new TypeError('a time-out has to be a number');
    if (Number.isNaN(timeout)) throw new ValueError('the time-out is not a number');
    return timeout;
}

function deadlineAfter(timeout) {
    return performance.now() + timeout;
}

// JavaScript drops the arguments that a function does not name. Here they are errors: of a constructor, which
// collects them, and of the methods of a type, of which the most that they take is given.
function refuseAny(surplus) {
    if (surplus.length > 0) throw new TypeError('too many arguments');
}

function refuseSurplus(type, counts) {
    for (const [name, count] of Object.entries(counts)) {
        const method = type.prototype[name];
        const checked = function (...given) {
            if (given.length > count) throw new TypeError(`${name} takes at most ${count} arguments`);
            return method.apply(this, given);
        };
        Object.defineProperty(type.prototype, name, { value: checked, configurable: true });
    }
}

module.exports = {
    largest,
    requireBoolean,
    requireInteger,
    readTimeout,
    deadlineAfter,
    refuseAny,
    refuseSurplus,
};
