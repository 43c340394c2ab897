'use strict';

// What crosses from thread to thread: structured clones, in which primitives and other objects that say how they
// are rebuilt may stand, also inside lists, maps and plain objects.

const serializer = require('node:v8');
const { ValueError } = require('./errors.js');

// An object with this method is portable: the method returns { module, name, state }, and
// require(module)[name][rebuild](state) makes the object anew.
const portable = Symbol('portable');
const rebuild = Symbol('rebuild');

function isPlainObject(value) {
    return Object.getPrototypeOf(value) === Object.prototype;
}

function mapParts(value, convert) {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(convert);
    if (value instanceof Map) return new Map([...value].map(([key, part]) => [convert(key), convert(part)]));
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part)]));
}

// Each portable object is replaced by an empty one, which the clone keeps apart from all others.
function pack(value) {
    const parts = [];
    const convert = (part) => {
        if (typeof part?.[portable] !== 'function') return mapParts(part, convert);
        const { module, name, state } = part[portable]();
        const standIn = {};
        parts.push({ standIn, module, name, state: convert(state) }); // its own parts come first
        return standIn;
    };
    return { value: convert(value), parts };
}

function unpack({ value, parts }) {
    if (parts.length === 0) return value;
    // The state of a part names only parts that come before it in the list.
    const rebuilt = new Map();
    const convert = (part) => (rebuilt.has(part) ? rebuilt.get(part) : mapParts(part, convert));
    for (const { standIn, module, name, state } of parts) {
        rebuilt.set(standIn, require(module)[name][rebuild](convert(state)));
    }
    return convert(value);
}

// Calls `send` with what can be cloned of the value.
function transfer(value, send) {
    try {
        return send(pack(value));
    } catch (error) {
        throw new ValueError(`cannot be transferred: ${error.message}`);
    }
}

function checkPortable(value) {
    transfer(value, structuredClone);
}

function post(port, value) {
    transfer(value, (packed) => port.postMessage(packed));
}

function toBytes(value) {
    return transfer(value, serializer.serialize);
}

function fromBytes(bytes) {
    return unpack(serializer.deserialize(bytes));
}

module.exports = { portable, rebuild, checkPortable, post, unpack, toBytes, fromBytes };
