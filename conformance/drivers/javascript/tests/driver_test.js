'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');

const driver = path.join(__dirname, '..', 'driver.js');

function talk(lines, { options = [], last = '\n' } = {}) {
    const logs = fs.mkdtempSync(path.join(os.tmpdir(), 'driver-'));
    try {
        const input = lines.join('\n').replaceAll('LOGS', logs) + (lines.length > 0 ? last : '');
        const { status, stdout, stderr } = spawnSync(process.execPath, [driver, ...options], { input });
        const answers = stdout
            .toString()
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line));
        return { status, answers, complaint: stderr.toString() };
    } finally {
        fs.rmSync(logs, { recursive: true });
    }
}

function hello(changes = {}) {
    return JSON.stringify({
        hello: { protocol: 1, backend: 'threading', logs: 'LOGS', lanes: 3, slots: 64, ...changes },
    });
}

const noCalls = { version: 1, workers: [{ id: 0 }] };

// What the driver answers to one scenario.
function answerTo(scenario) {
    const { status, answers } = talk([hello(), JSON.stringify({ run: 5, scenario })]);
    assert.equal(status, 0);
    assert.equal(answers.length, 2);
    return answers[1];
}

test('the end of the input is the end of the driver', () => {
    assert.deepEqual(talk([]), { status: 0, answers: [], complaint: '' });
    assert.equal(talk([hello()]).status, 0);
});

test('an unknown option is a wrong use', () => {
    const { status, answers, complaint } = talk([], { options: ['--fast'] });
    assert.deepEqual([status, answers], [2, []]);
    assert.equal(complaint, '"--fast": there are no options.\n');
});

const refusals = {
    'no JSON': 'hello',
    'another protocol': hello({ protocol: 2 }),
    'another backend': hello({ backend: 'multiprocessing' }),
    'a folder that is not there': hello({ logs: '/nowhere/at/all' }),
    'no lanes': hello({ lanes: 0 }),
    'a run': JSON.stringify({ run: 1, scenario: noCalls }),
};
for (const [what, line] of Object.entries(refusals)) {
    test(`a greeting is refused: ${what}`, () => {
        const { status, answers, complaint } = talk([line]);
        assert.equal(status, 3);
        assert.deepEqual(answers, [{ error: complaint.trimEnd() }]);
    });
}

test('a message that cannot be read is answered, and the driver goes on', () => {
    const lines = [hello(), 'what', '[]', JSON.stringify({ run: 1, scenario: noCalls })];
    const { answers } = talk([...lines, JSON.stringify({ run: 1, scenario: noCalls })]);
    assert.deepEqual(
        answers.map((answer) => Object.keys(answer)[0]),
        ['hello', 'error', 'error', 'done', 'failed'],
    );
});

test('a line that has no end is no message', () => {
    const { status, answers } = talk([hello(), JSON.stringify({ run: 1, scenario: noCalls })], { last: '' });
    assert.deepEqual([status, answers.length], [0, 1]);
});

const worker = (...calls) => ({ version: 1, workers: [{ id: 0, calls }, { id: 1 }] });
const badScenarios = {
    'another version': { ...noCalls, version: 2 },
    'an unknown member': { ...noCalls, speed: 3 },
    'worker 0 is not the first': { version: 1, workers: [{ id: 1 }] },
    'two workers of one id': { version: 1, workers: [{ id: 0 }, { id: 0 }] },
    'two calls of one id': worker({ id: 1, op: 'get_ident' }, { id: 1, op: 'get_ident' }),
    'an object that is not there': worker({ id: 1, object: 9, op: 'acquire' }),
    'a value of no form': worker({ id: 1, op: 'raise', args: [{ int: 'many' }] }),
    'more workers than lanes': { version: 1, workers: [{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }] },
    'an object that cannot be made': { ...noCalls, objects: [{ id: 1, type: 'Semaphore', args: [-1] }] },
};
for (const [what, scenario] of Object.entries(badScenarios)) {
    test(`a scenario is refused: ${what}`, () => {
        const answer = answerTo(scenario);
        assert.equal(answer.failed, 5);
        assert.match(answer.why, /./);
    });
}

const unsupported = {
    WorkerPool: { ...noCalls, objects: [{ id: 1, type: 'WorkerPool' }] },
    'Worker.kill': worker({ id: 1, object: 1, op: 'kill' }),
    fly: worker({ id: 1, op: 'fly' }),
    'misuse "Future"': { version: 1, workers: [{ id: 0 }, { id: 1, misuse: 'Future' }] },
    'the number 2.0 that is no integer': worker({ id: 1, op: 'raise', args: [{ fraction: '2.0' }] }),
};
for (const [what, scenario] of Object.entries(unsupported)) {
    test(`a scenario is unsupported: ${what}`, () => {
        assert.deepEqual(answerTo(scenario), { unsupported: 5, what });
    });
}

test('a lane that is too short is told', () => {
    const calls = Array.from({ length: 64 }, (_, index) => ({ id: index, op: 'get_ident' }));
    assert.deepEqual(answerTo({ version: 1, workers: [{ id: 0, calls }] }), { overflow: 5 });
});

for (const [end, status] of Object.entries({ return: 0, raise: 1 })) {
    test(`a program ends by ${end} when its worker has ended`, () => {
        const scenario = { ...worker({ id: 1, object: 1, op: 'start' }), ends: end };
        const ended = talk([hello(), JSON.stringify({ run: 1, scenario })]);
        assert.deepEqual([ended.status, ended.answers.length], [status, 1]);
    });
}
