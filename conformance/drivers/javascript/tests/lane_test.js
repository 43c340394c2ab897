'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { Lane, clock, makeLanes } = require('../lane.js');

const slotBytes = 128;

function inFolder(body) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lanes-'));
    try {
        return body(folder);
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

function logOf(folder, slots, text) {
    makeLanes(folder, 1, slots);
    const lane = new Lane(folder, 0, slots, 12, 3);
    lane.end(lane.begin(7), clock(), false, text);
    lane.end(lane.begin(8), clock(), true, 'Other it failed');
    lane.close();
    return { bytes: fs.readFileSync(path.join(folder, 'lane-0')), hasOverflowed: lane.hasOverflowed };
}

function slot(bytes, index) {
    const at = index * slotBytes;
    const length = bytes.readUInt32LE(at + 40);
    return {
        run: Number(bytes.readBigUInt64LE(at)),
        worker: bytes.readInt32LE(at + 8),
        call: bytes.readInt32LE(at + 12),
        state: bytes.readUInt32LE(at + 16),
        outcome: bytes.readUInt32LE(at + 20),
        text: bytes.toString('utf8', at + 44, at + 44 + length),
    };
}

test('a lane has a slot for the life of the worker and one for each call', () => {
    inFolder((folder) => {
        const { bytes, hasOverflowed } = logOf(folder, 5000, 'true');
        assert.equal(bytes.length, 5000 * slotBytes);
        assert.equal(hasOverflowed, false);
        const common = { run: 12, worker: 3, state: 2 };
        assert.deepEqual(slot(bytes, 0), { ...common, call: -1, outcome: 0, text: 'null' });
        assert.deepEqual(slot(bytes, 1), { ...common, call: 7, outcome: 0, text: 'true' });
        assert.deepEqual(slot(bytes, 2), { ...common, call: 8, outcome: 1, text: 'Other it failed' });
    });
});

test('a long text goes on in the slots that follow, and its short end is filled up', () => {
    inFolder((folder) => {
        const text = 'x'.repeat(84 + slotBytes + 3);
        const { bytes } = logOf(folder, 10, text);
        assert.equal(bytes.toString('latin1', slotBytes + 44, slotBytes + 44 + text.length), text);
        const end = slotBytes + 44 + text.length;
        assert.deepEqual([...bytes.subarray(end, end + 6)], [255, 255, 255, 255, 255, 0]);
        assert.equal(slot(bytes, 4).call, 8);
    });
});

test('a text without room leaves its call pending, and is told', () => {
    inFolder((folder) => {
        const { bytes, hasOverflowed } = logOf(folder, 3, 'x'.repeat(1000));
        assert.equal(hasOverflowed, true);
        assert.equal(slot(bytes, 1).state, 1);
        assert.equal(slot(bytes, 2).state, 2);
    });
});

test('a lane that exists is not made again', () => {
    inFolder((folder) => {
        makeLanes(folder, 1, 8);
        assert.throws(() => makeLanes(folder, 1, 8), /EEXIST/);
    });
});
