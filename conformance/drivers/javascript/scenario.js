'use strict';

// Reads a scenario (section 5 of the protocol): what is wrong with it is said before any of it runs, and so is what
// this driver has not.

const { ScenarioError, Unsupported, readValue } = require('./values.js');

const acquiring = ['acquire', 'release', 'with'];
const operations = {
    Lock: [...acquiring, 'locked'],
    RLock: acquiring,
    Semaphore: acquiring,
    BoundedSemaphore: acquiring,
    Condition: [...acquiring, 'wait', 'wait_for', 'notify', 'notify_all'],
    Event: ['set', 'clear', 'is_set', 'wait'],
    Barrier: ['wait', 'reset', 'abort', 'parties', 'n_waiting', 'broken'],
    Queue: ['put', 'get', 'put_nowait', 'get_nowait', 'qsize', 'empty', 'full', 'task_done', 'join'],
    SimpleQueue: ['put', 'get', 'empty'],
    Cell: ['read', 'write', 'add'],
};
const workerOperations = [
    'start',
    'join',
    'is_alive',
    'name',
    'set_name',
    'daemon',
    'set_daemon',
    'await_blocked',
];
const functions = [
    'get_backend',
    'get_ident',
    'current_worker',
    'active_count',
    'active_children',
    'enumerate',
];
const misuses = ['target', 'argument', 'Worker', 'spoilt'];

const capabilities = [
    ...Object.keys(operations),
    ...functions,
    ...['Worker', 'await_blocked', 'repeat', 'ends', 'raise', 'drop', 'misuse', 'offers', 'opaque'],
];

function demand(condition, message) {
    if (!condition) throw new ScenarioError(message);
}

const checks = {
    // An id, or another number from 0 up.
    id: (value) => Number.isInteger(value) && value >= 0,
    count: (value) => Number.isInteger(value) && value >= 1,
    text: (value) => typeof value === 'string',
    flag: (value) => typeof value === 'boolean',
    list: Array.isArray,
    time: (value) => value === null || typeof value === 'number' || ['inf', 'nan', 'text'].includes(value),
    end: (value) => value === 'return' || value === 'raise',
};

const members = {
    scenario: {
        version: 'count',
        seed: 'id',
        aligned: 'flag',
        perturbation: 'id',
        ends: 'end',
        objects: 'list',
        workers: 'list',
    },
    object: { id: 'id', type: 'text', args: 'list' },
    worker: {
        id: 'id',
        parent: 'id',
        name: 'text',
        daemon: 'flag',
        repeat: 'count',
        misuse: 'text',
        calls: 'list',
    },
    call: { id: 'id', object: 'id', op: 'text', args: 'list', timeout: 'time', into: 'id' },
};
const needed = {
    scenario: ['version', 'workers'],
    object: ['id', 'type'],
    worker: ['id'],
    call: ['id', 'op'],
};

function checkMembers(what, json) {
    demand(typeof json === 'object' && json !== null && !Array.isArray(json), `a ${what} is no JSON object`);
    for (const [name, value] of Object.entries(json)) {
        demand(Object.hasOwn(members[what], name), `a ${what} has an unknown member "${name}"`);
        demand(checks[members[what][name]](value), `"${name}" of a ${what} is ${JSON.stringify(value)}`);
    }
    (json.args ?? []).forEach(readValue);
    for (const name of needed[what]) demand(Object.hasOwn(json, name), `a ${what} has no "${name}"`);
}

function readObjects(objects) {
    for (const object of objects) {
        checkMembers('object', object);
        if (!Object.hasOwn(operations, object.type)) throw new Unsupported(object.type);
    }
    return objects.map((object) => ({ args: [], ...object }));
}

function readWorkers(workers, lanes) {
    for (const worker of workers) {
        checkMembers('worker', worker);
        if (worker.misuse !== undefined && !misuses.includes(worker.misuse)) {
            throw new Unsupported(`misuse "${worker.misuse}"`);
        }
    }
    demand(workers[0]?.id === 0, 'worker 0 does not come first');
    demand(workers.length <= lanes, `there are ${workers.length} workers and ${lanes} lanes`);
    return workers.map((worker) => ({ parent: 0, repeat: 1, calls: [], ...worker }));
}

// `objects` and `workers` are those of the scenario, by their ids.
function readCall(call, caller, objects, workers) {
    checkMembers('call', call);
    if (call.into !== undefined) throw new Unsupported(`${call.op} into an object`);
    let type = 'none';
    let known = [...functions, 'raise'];
    if (workers.has(call.object)) {
        const { id, parent } = workers.get(call.object);
        if (id !== caller && parent !== caller)
            throw new Unsupported('calls on a worker that another has made');
        type = 'Worker';
        known = [...workerOperations, 'drop', 'offers'];
    } else if (call.object !== undefined) {
        demand(objects.has(call.object), `call ${call.id} is on ${call.object}, which is not there`);
        type = objects.get(call.object).type;
        known = [...operations[type], 'create', 'drop', 'offers'];
    }
    if (!known.includes(call.op)) throw new Unsupported(type === 'none' ? call.op : `${type}.${call.op}`);
    return { args: [], ...call, type };
}

function byId(list, what) {
    const found = new Map(list.map((part) => [part.id, part]));
    demand(found.size === list.length, `two ${what} have the same id`);
    return found;
}

function readScenario(json, lanes) {
    checkMembers('scenario', json);
    demand(json.version === 1, `the scenario is of version ${json.version}`);
    const objects = readObjects(json.objects ?? []);
    const workers = readWorkers(json.workers, lanes);
    byId([...objects, ...workers], 'objects or workers');
    const [objectsById, workersById] = [byId(objects, 'objects'), byId(workers, 'workers')];
    for (const worker of workers) {
        worker.calls = worker.calls.map((call) => readCall(call, worker.id, objectsById, workersById));
    }
    byId(
        workers.flatMap(({ calls }) => calls),
        'calls',
    );
    const created = workers[0].calls.filter(({ op }) => op === 'create').map(({ object }) => object);
    return { aligned: json.aligned ?? false, ends: json.ends, objects, workers, created };
}

module.exports = { capabilities, readScenario };
