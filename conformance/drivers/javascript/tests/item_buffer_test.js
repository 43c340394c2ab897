'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { ItemBuffer } = require('../freethreading/item_buffer.js');
const { Monitor } = require('../freethreading/monitor.js');

const headerBytes = 4;

function item(length, content) {
    return Buffer.alloc(length, content);
}

test('items come out as they went in, also around the end of the memory', () => {
    const buffer = new ItemBuffer(new Monitor(2, 0), 0, new SharedArrayBuffer(64));
    let previous = item(13, 0);
    buffer.push(previous);
    for (let content = 1; content < 100; ++content) {
        const next = item(content % 14, content);
        buffer.push(next);
        assert.deepEqual(buffer.pop(), previous);
        previous = next;
    }
    assert.equal(buffer.isEmpty(), false);
});

test('all of the memory can be used, and no more', () => {
    const buffer = new ItemBuffer(new Monitor(2, 0), 0, new SharedArrayBuffer(64));
    buffer.push(item(64 - 2 * headerBytes, 1));
    assert.throws(() => buffer.push(item(1, 2)), { name: 'ResourceError' });
    buffer.push(item(0, 2));
    assert.equal(buffer.pop().length, 64 - 2 * headerBytes);
    assert.equal(buffer.pop().length, 0);
    assert.equal(buffer.isEmpty(), true);
});
