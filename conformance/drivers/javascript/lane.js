'use strict';

// The log of a worker (section 4 of the protocol).

const fs = require('node:fs');
const path = require('node:path');

const slotBytes = 128;
const textOffset = 44;
const allocatedSlots = 64;
const invoked = 1;
const responded = 2;
const wholeLife = -1;
const shortestTail = 8;
const filler = 0xff;

function laneFile(folder, index) {
    return path.join(folder, `lane-${index}`);
}

function makeLanes(folder, lanes, slots) {
    for (let index = 0; index < lanes; ++index) {
        const file = fs.openSync(laneFile(folder, index), 'wx');
        // There is no call here that allocates without writing.
        fs.writeSync(file, Buffer.alloc(slotBytes * Math.min(slots, allocatedSlots)));
        fs.ftruncateSync(file, slotBytes * slots);
        fs.closeSync(file);
    }
}

function clock() {
    return process.hrtime.bigint();
}

class Lane {
    #file;
    #slots;
    #run;
    #worker;
    #next = 0;
    #buffer = Buffer.alloc(slotBytes);
    #life;
    hasOverflowed = false;

    constructor(folder, index, slots, run, worker) {
        this.#file = fs.openSync(laneFile(folder, index), 'r+');
        this.#slots = slots;
        this.#run = run;
        this.#worker = worker;
        this.#life = this.begin(wholeLife);
    }

    // Records that a call is about to be made; `end` takes what this returns.
    begin(call) {
        const slot = this.#next++;
        if (slot >= this.#slots) {
            this.hasOverflowed = true;
            return { call, slot, start: 0n };
        }
        const entry = { call, slot, start: clock() };
        this.#write(entry, invoked, 0, 0n, '');
        return entry;
    }

    // `time` was read when the call had ended.
    end(entry, time, isError, text) {
        if (entry.slot >= this.#slots) return;
        this.#write(entry, responded, isError ? 1 : 0, time, text);
    }

    close() {
        this.end(this.#life, clock(), false, 'null');
        fs.closeSync(this.#file);
    }

    // One write holds a slot, so it is there as a whole or not at all; what the text needs beyond comes before it.
    #write({ call, slot, start }, state, outcome, end, text) {
        const bytes = Buffer.from(text.replaceAll('\0', ' '));
        const rest = bytes.subarray(slotBytes - textOffset);
        if (rest.length > 0 && !this.#writeRest(rest)) return;
        const buffer = this.#buffer.fill(0);
        buffer.writeBigUInt64LE(BigInt(this.#run), 0);
        buffer.writeInt32LE(this.#worker, 8);
        buffer.writeInt32LE(call, 12);
        buffer.writeUInt32LE(state, 16);
        buffer.writeUInt32LE(outcome, 20);
        buffer.writeBigUInt64LE(start, 24);
        buffer.writeBigUInt64LE(end, 32);
        buffer.writeUInt32LE(bytes.length, 40);
        bytes.copy(buffer, textOffset);
        fs.writeSync(this.#file, buffer, 0, slotBytes, slot * slotBytes);
    }

    #writeRest(rest) {
        const first = this.#next;
        const needed = Math.ceil(rest.length / slotBytes);
        if (first + needed > this.#slots) {
            this.hasOverflowed = true;
            return false;
        }
        this.#next += needed;
        const tail = rest.length % slotBytes;
        const missing = tail > 0 && tail < shortestTail ? shortestTail - tail : 0;
        const padded = Buffer.concat([rest, Buffer.alloc(missing, filler)]);
        fs.writeSync(this.#file, padded, 0, padded.length, first * slotBytes);
        return true;
    }
}

module.exports = { Lane, makeLanes, clock };
