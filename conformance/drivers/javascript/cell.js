'use strict';

const { portable, rebuild } = require('./freethreading/portable.js');

const spins = 50;

// Plain shared memory, without any synchronisation, for an integer of 64 bits.
class Cell {
    #memory;

    constructor(value = 0) {
        this.#memory = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
        this.write(value);
    }

    static [rebuild](memory) {
        const cell = new Cell();
        cell.#memory = memory;
        return cell;
    }

    [portable]() {
        return { module: __filename, name: 'Cell', state: this.#memory };
    }

    read() {
        return this.#memory[0];
    }

    write(value) {
        this.#memory[0] = BigInt(value);
    }

    add(value) {
        const sum = this.#memory[0] + BigInt(value);
        for (let spin = 0; spin < spins; ++spin); // others get a chance to come in between
        this.#memory[0] = sum;
        return sum;
    }
}

module.exports = { Cell };
