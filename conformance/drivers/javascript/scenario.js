'use strict';

// Reads a scenario (section 5 of the protocol): what is wrong with it is said before any of it runs, and so is what
// this driver has not.

const { ScenarioError } = require('./values.js');

// The operations of each type: where the time-out stands among the arguments, or null where there is none.
const acquiring = { acquire: 1, release: null, with: null };
const operations = {
    Lock: { ...acquiring, locked: null },
    RLock: acquiring,
    Semaphore: acquiring,
    BoundedSemaphore: acquiring,
    Condition: { ...acquiring, wait: 0, wait_for: 1, notify: null, notify_all: null },
    Event: { set: null, clear: null, is_set: null, wait: 0 },
    Barrier: { wait: 0, reset: null, abort: null, parties: null, n_waiting: null, broken: null },
    Queue: {
        ...{ put: 2, get: 1, put_nowait: null, get_nowait: null, qsize: null, empty: null, full: null },
        ...{ task_done: null, join: null },
    },
    SimpleQueue: { put: null, get: null, empty: null },
    Cell: { read: null, write: null, add: null },
    Worker: {
        ...{ start: null, join: 0, is_alive: null, name: null, set_name: null, daemon: null, set_daemon: null },
        await_blocked: null,
    },
    none: {
        ...{ get_backend: null, get_ident: null, current_worker: null, active_count: null, active_children: null },
        ...{ enumerate: null, raise: null },
    },
};

const capabilities = [
    ...Object.keys(operations).filter((type) => type !== 'none'),
    ...Object.keys(operations.none),
    ...['await_blocked', 'repeat', 'ends', 'drop', 'misuse', 'offers', 'opaque'],
];

class Unsupported extends Error {}

function require_(condition, message) {
    if (!condition) throw new ScenarioError(message);
}

const checks = {
    id: (value) => Number.isInteger(value) && value >= 0,
    integer: Number.isInteger,
    count: (value) => Number.isInteger(value) && value >= 1,
    text: (value) => typeof value === 'string',
    flag: (value) => typeof value === 'boolean',
    list: Array.isArray,
    time: (value) => value === null || typeof value === 'number' || ['inf', 'nan', 'text'].includes(value),
    end: (value) => value === 'return' || value === 'raise',
};

const members = {
    scenario: {
        ...{ version: 'count', seed: 'integer', aligned: 'flag', perturbation: 'id' },
        ...{ objects: 'list', workers: 'list', ends: 'end' },
    },
    object: { id: 'id', type: 'text', args: 'list' },
    worker: {
        ...{ id: 'id', parent: 'id', name: 'text', daemon: 'flag', repeat: 'count', misuse: 'text' },
        calls: 'list',
    },
    call: { id: 'id', object: 'id', op: 'text', args: 'list', timeout: 'time', into: 'id' },
};
const needed = { scenario: ['version', 'workers'], object: ['id', 'type'], worker: ['id'], call: ['id', 'op'] };

function checkMembers(what, json) {
    require_(typeof json === 'object' && json !== null && !Array.isArray(json), `a ${what} is no JSON object`);
    for (const [name, value] of Object.entries(json)) {
        require_(Object.hasOwn(members[what], name), `a ${what} has an unknown member "${name}"`);
        require_(checks[members[what][name]](value), `"${name}" of a ${what} is ${JSON.stringify(value)}`);
    }
    for (const name of needed[what]) require_(Object.hasOwn(json, name), `a ${what} has no "${name}"`);
}

function requireNew(seen, id, what) {
    require_(!seen.has(id), `the id ${id} of a ${what} is there twice`);
    seen.add(id);
}

function checkCall(call, worker, types) {
    checkMembers('call', call);
    require_(call.object === undefined || types.has(call.object), `call ${call.id}: there is no object ${call.object}`);
    const type = call.object === undefined ? 'none' : types.get(call.object);
    const isOfDriver = ['create', 'drop', 'offers'].includes(call.op) && type !== 'none';
    if (!isOfDriver && !Object.hasOwn(operations[type], call.op)) throw new Unsupported(`${type}.${call.op}`);
    if (call.into !== undefined) throw new Unsupported(`${type}.${call.op} into`);
    return { ...call, type, args: call.args ?? [] };
}

function readScenario(json, lanes) {
    checkMembers('scenario', json);
    require_(json.version === 1, `the scenario is of version ${json.version}`);
    const types = new Map();
    const seen = new Set();
    const objects = json.objects ?? [];
    for (const object of objects) {
        checkMembers('object', object);
        requireNew(seen, object.id, 'object');
        if (object.type === 'Worker' || object.type === 'none' || !Object.hasOwn(operations, object.type)) {
            throw new Unsupported(object.type);
        }
        types.set(object.id, object.type);
    }
    for (const worker of json.workers) {
        checkMembers('worker', worker);
        requireNew(seen, worker.id, 'worker');
        types.set(worker.id, 'Worker');
    }
    require_(json.workers[0]?.id === 0, 'worker 0 does not come first');
    require_(json.workers.length <= lanes, `there are ${json.workers.length} workers and ${lanes} lanes`);
    const calls = new Set();
    const workers = json.workers.map((worker, index) => ({
        ...worker,
        lane: index,
        parent: worker.parent ?? 0,
        calls: (worker.calls ?? []).map((call) => {
            const checked = checkCall(call, worker, types);
            requireNew(calls, call.id, 'call');
            return checked;
        }),
    }));
    for (const worker of workers) {
        for (const call of worker.calls) {
            const target = call.type === 'Worker' && workers.find(({ id }) => id === call.object);
            if (target && target.id !== worker.id && target.parent !== worker.id) {
                throw new Unsupported(`calls on a worker that another has made`);
            }
        }
    }
    return {
        aligned: json.aligned ?? false,
        ends: json.ends,
        objects: objects.map((object) => ({ args: [], ...object })),
        workers,
        created: workers[0].calls.filter(({ op }) => op === 'create').map(({ object }) => object),
    };
}

module.exports = { Unsupported, capabilities, operations, readScenario };
