'use strict';

// A worker of a scenario: makes its calls and records them.

const { writeSync } = require('node:fs');
const api = require('./freethreading');
const { portable } = require('./freethreading/portable.js');
const { Cell } = require('./cell.js');
const { Lane, clock } = require('./lane.js');
const { ScenarioError, changeOriginal, kindOf, makeError, readValue, writeValue } = require('./values.js');

const nanosecondsPerMillisecond = 1e6;
const standardError = 2;

// Who makes calls on this thread just now.
let current = null;

function spell(name) {
    return name.replace(/(?<=[a-z])_([a-z])/g, (_, letter) => letter.toUpperCase());
}

function readTime(json) {
    if (json === undefined || json === null) return undefined;
    if (typeof json === 'number') return json / nanosecondsPerMillisecond;
    return { inf: Infinity, nan: NaN }[json] ?? json;
}

function fillIn(round, value) {
    if (Array.isArray(value)) return value.map((part) => fillIn(round, part));
    return value === '$round' ? round : value;
}

// `setting` has what all workers of the run know: scenario, run, folder, slots, control.
class Caller {
    #plan;
    #setting;
    #objects;
    #workers = new Map();
    #lane;
    #round = 0;

    constructor(setting, index, objects) {
        this.#setting = setting;
        this.#plan = setting.scenario.workers[index];
        this.#objects = objects;
        this.#lane = new Lane(setting.folder, index, setting.slots, setting.run, this.#plan.id);
    }

    get hasOverflowed() {
        return this.#lane.hasOverflowed;
    }

    makeObjects() {
        const { objects, created } = this.#setting.scenario;
        for (const object of objects) {
            if (created.includes(object.id)) continue;
            try {
                this.#makeObject(object);
            } catch (error) {
                throw new ScenarioError(`object ${object.id} cannot be made: ${error.message}`);
            }
        }
    }

    makeCalls() {
        current = this;
        for (this.#round = 0; this.#round < this.#plan.repeat; ++this.#round) {
            for (const call of this.#plan.calls) this.#makeCall(call);
        }
        this.#lane.close();
    }

    joinWorkers() {
        for (const worker of this.#workers.values()) {
            if (worker.isAlive()) worker.join();
        }
    }

    actOn(action, barrier) {
        const cell = this.#setting.scenario.objects.find(({ type }) => type === 'Cell');
        if (action === 'add') this.#objects.get(cell.id).add(1);
        else if (action === 'linger') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        else if (action === 'raise') throw new Error('the action raises');
        else if (action !== 'nothing') this.#objects.get(barrier)[action]();
    }

    #makeObject({ id, type, args }) {
        if (type === 'Cell') {
            this.#objects.set(id, new Cell(...args));
            return;
        }
        let given = args.map(readValue);
        if (type === 'Condition') given = given.map((lock) => this.#objects.get(lock) ?? lock);
        if (type === 'Barrier') {
            const [parties, action, timeout, ...more] = given;
            const isAction = typeof action === 'string';
            const reference = isAction ? new api.FunctionReference(__filename, 'actOn', action, id) : action;
            given = [parties, reference, readTime(timeout), ...more];
        }
        this.#objects.set(id, new api[type](...given));
    }

    #makeCall(call) {
        const isOnObject = call.type !== 'Worker' && call.type !== 'none';
        if (isOnObject && call.op !== 'create' && !this.#objects.has(call.object)) return;
        const perform = this.#prepare(call);
        const entry = this.#lane.begin(call.id);
        let result;
        try {
            result = perform();
        } catch (error) {
            const time = clock();
            this.#lane.end(entry, time, true, `${kindOf(error)} ${error?.message ?? error}`);
            return;
        }
        const time = clock();
        this.#lane.end(entry, time, false, JSON.stringify(writeValue(result)));
        if (call.op === 'start') this.#setting.control.countStart();
        changeOriginal(perform.item);
    }

    // What the call does, as a function without arguments.
    #prepare(call) {
        const args = call.args.map((value) => fillIn(this.#round, readValue(value)));
        if (call.op === 'create') {
            const object = this.#setting.scenario.objects.find(({ id }) => id === call.object);
            return () => this.#makeObject(object);
        }
        if (call.op === 'drop') return () => this.#drop(call.object);
        if (call.op === 'offers') return () => spell(args[0]) in this.#target(call);
        if (call.type === 'none') return this.#prepareFunction(call.op, args);
        if (call.op === 'with') return () => this.#guarded(this.#target(call), args[0]);
        if (call.op === 'await_blocked') return () => api.Worker.awaitSleep(this.#target(call));
        if (call.op === 'wait_for') {
            const [cell, minimum, ...more] = args;
            args.splice(0, args.length, () => this.#objects.get(cell).read() >= minimum, ...more);
        }
        return this.#prepareMethod(call, args);
    }

    #prepareMethod(call, args) {
        // Before it `args` has all that stands before it in the API.
        const timeout = readTime(call.timeout);
        if (timeout !== undefined) args.push(timeout);
        const [, property] = /^set_(.*)$/.exec(call.op) ?? [];
        if (call.type === 'Worker' && property !== undefined) {
            return () => {
                this.#target(call)[property] = args[0];
            };
        }
        const member = spell(call.op);
        const perform = () => {
            const target = this.#target(call);
            return typeof target[member] === 'function' ? target[member](...args) : target[member];
        };
        if (call.op.startsWith('put')) perform.item = args[0];
        return perform;
    }

    #prepareFunction(op, args) {
        if (op === 'raise') return () => null;
        const describe = (worker) => [worker.name, worker.daemon, worker.ident];
        const utility = api[spell(op)];
        return () => {
            const result = utility(...args);
            if (op === 'current_worker') return describe(result);
            return Array.isArray(result) ? result.map(describe) : result;
        };
    }

    #target({ type, object }) {
        if (type !== 'Worker') return this.#objects.get(object);
        if (object === this.#plan.id) return api.currentWorker();
        if (!this.#workers.has(object)) this.#workers.set(object, this.#makeWorker(object));
        return this.#workers.get(object);
    }

    #makeWorker(id) {
        const index = this.#setting.scenario.workers.findIndex((plan) => plan.id === id);
        const { name = null, daemon = null, misuse } = this.#setting.scenario.workers[index];
        const spoilable = new Spoilable();
        const more = {
            argument: () => [() => {}],
            Worker: () => [api.currentWorker()],
            spoilt: () => [spoilable],
        };
        const args = [this.#setting, index, new Map(this.#objects), ...(more[misuse]?.() ?? [])];
        const target = misuse === 'target' ? () => this : new api.FunctionReference(__filename, 'runWorker');
        const worker = new api.Worker(target, name, args, {}, { daemon });
        spoilable.isSpoilt = true;
        return worker;
    }

    #drop(id) {
        this.#objects.delete(id);
        this.#workers.delete(id);
        return null;
    }

    #guarded(object, body) {
        return object.guard((entered) => {
            if (body === 'raise') throw new Error('the body raises');
            if (body === 'release') object.release();
            return entered;
        });
    }
}

// An argument that can be transferred until it is spoilt.
class Spoilable {
    isSpoilt = false;

    [portable]() {
        if (this.isSpoilt) throw new Error('this was spoilt');
        return { module: __filename, name: 'Spoilable', state: null }; // no worker ever gets it
    }
}

// The action of a barrier.
function actOn(action, barrier) {
    current.actOn(action, barrier);
}

// The target of every worker but worker 0.
function runWorker(setting, index, objects) {
    const { scenario, control } = setting;
    const plan = scenario.workers[index];
    let caller;
    let hasFailed = true;
    try {
        caller = new Caller(setting, index, objects);
        if (scenario.aligned && plan.parent === 0) control.align(countAligned(scenario));
        caller.makeCalls();
        hasFailed = false;
    } catch (error) {
        writeSync(standardError, `${error.stack}\n`);
    } finally {
        control.countEnd(caller?.hasOverflowed, hasFailed);
    }
    const last = plan.calls[plan.calls.length - 1];
    if (last?.op === 'raise') throw makeError(...last.args);
}

function countAligned({ workers }) {
    const started = workers[0].calls.filter(({ op }) => op === 'start').map(({ object }) => object);
    return workers.filter(({ id, parent }) => parent === 0 && started.includes(id)).length;
}

module.exports = { Caller, actOn, runWorker };
