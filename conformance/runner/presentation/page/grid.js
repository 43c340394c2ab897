// The matrix: requirements down, implementations and their backends across. A grid as ARIA describes it:
// one cell can be reached with Tab, the arrow keys move from there.
//
// Rows are blocks instead of a table's: with thousands of cells a browser lays out only the groups
// that can be seen (content-visibility), and a filter hides rows without measuring columns anew.
// Every text is set as text. Nothing here or in the other files writes HTML.

performance.mark('begun');
const data = JSON.parse(document.getElementById('data').textContent);
const { requirements, implementations, columns } = data;
const matrix = document.getElementById('matrix');

const glyphs = {
  'not run': '○', 'pass': '✓', 'other than permitted': '≈', 'not as recommended': '!',
  'expected failure': '×', 'unsupported': '–', 'inconclusive': '?', 'unexpected pass': '↑',
  'fail': '✗', 'driver error': 'D', 'suite error': 'S',
};
const backendNames = { threading: 'threads', multiprocessing: 'processes' };

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class') made.className = value;
    else if (name.includes('-') || name === 'role') made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

// The verdict's place in data.verdicts, or -1 where the requirement does not apply.
const numberOf = (letters, row) => letters[row] === '-' ? -1 : letters.charCodeAt(row) - 97;
const verdictAt = (row, column) => data.verdicts[numberOf(columns[column].verdicts, row)];
const earlierAt = (row, column) =>
  columns[column].earlier && data.verdicts[numberOf(columns[column].earlier, row)];
const hasChanged = (row, column) => {
  const earlier = earlierAt(row, column);
  return earlier !== undefined && earlier !== verdictAt(row, column);
};
const classOf = (verdict) => verdict ? verdict.replaceAll(' ', '-') : 'none';

const nameOf = (it) => it.version ? `${it.name} ${it.version}` : it.name;
// Where all columns are of one variant, naming it everywhere says nothing.
const hasVariants = new Set(columns.map((column) => column.variant)).size > 1;
const placeOf = (column) => {
  const name = backendNames[column.backend] ?? column.backend;
  return column.variant && hasVariants ? `${name}, ${column.variant}` : name;
};
const titleOf = (column) => `${nameOf(implementations[column.implementation])}, ${placeOf(column)}`;

function chip(verdict) {
  return element('span', { class: `chip ${classOf(verdict)}` },
    element('span', { class: 'glyph', 'aria-hidden': 'true' }, glyphs[verdict] ?? ''),
    element('span', { class: 'word' }, verdict ?? 'does not apply'));
}

const rows = [];    // by requirement: the row's element
const cells = [];   // by requirement and column
const groups = [];  // of rows with the same name: {element, rows, isFilled}
let current = null; // the cell that Tab reaches

function buildHead() {
  const head = element('div', { role: 'rowgroup', class: 'head' });
  const names = element('div', { role: 'row', class: 'row names', 'aria-rowindex': '1' },
    element('div', { role: 'columnheader', class: 'corner' }, 'Requirement'));
  implementations.forEach((it, number) => {
    const span = columns.filter((column) => column.implementation === number).length;
    if (span === 0) return;
    const cell = element('div', {
      role: 'columnheader', class: 'implementation', title: `${nameOf(it)} (${it.language})`,
      'aria-colspan': String(span),
    }, element('span', {}, element('b', {}, it.name), ' ', element('small', {}, it.version)));
    cell.style.gridColumn = `span ${span}`;
    names.append(cell);
  });
  const backends = element('div', { role: 'row', class: 'row backends', 'aria-rowindex': '2' },
    element('div', { role: 'columnheader', class: 'corner', 'aria-label': 'Requirement' }));
  columns.forEach((column, number) => {
    const isFirst = number === 0 || columns[number - 1].implementation !== column.implementation;
    backends.append(element('div', {
      role: 'columnheader', class: isFirst ? 'backend first' : 'backend', title: titleOf(column),
    }, element('span', {}, backendNames[column.backend] ?? column.backend,
      ...(column.variant && hasVariants ? [' ', element('small', {}, column.variant)] : []))));
  });
  head.append(names, backends);
  return head;
}

// A copy of a first one: there are thousands, of few kinds.
const kinds = new Map();
function cellLike(verdict, isFirst, earlier) {
  const kind = `${verdict} ${isFirst} ${earlier}`;
  if (!kinds.has(kind)) {
    kinds.set(kind, element('div', {
      role: 'gridcell', tabIndex: -1,
      class: `cell ${classOf(verdict)}${isFirst ? ' first' : ''}${earlier ? ' changed' : ''}`,
      'aria-label': (verdict ?? 'does not apply') + (earlier ? `, earlier ${earlier}` : ''),
    }, glyphs[verdict] ?? ''));
  }
  return kinds.get(kind).cloneNode(true);
}

function buildRow(requirement, row) {
  const line = element('div', { role: 'row', class: 'row', 'aria-rowindex': String(row + 3) });
  const name = element('div', { role: 'rowheader', class: 'requirement', title: requirement.text },
    element('span', { class: 'id' }, requirement.id));
  if (requirement.level !== 'required')
    name.append(element('span', { class: 'level' }, requirement.level));
  name.append(element('span', { class: 'text' }, requirement.text));
  line.append(name);
  cells[row] = columns.map((column, number) => {
    const verdict = verdictAt(row, number);
    const isFirst = number === 0 || columns[number - 1].implementation !== column.implementation;
    const changed = hasChanged(row, number);
    const cell = cellLike(verdict, isFirst, changed ? earlierAt(row, number) : undefined);
    cell.place = { row, column: number };
    line.append(cell);
    return cell;
  });
  rows[row] = line;
  return line;
}

// What its widths depend on, before anything is drawn.
function shapePage() {
  const root = document.documentElement;
  root.style.setProperty('--columns', columns.length);
  root.classList.toggle('dense', columns.length > 6);
}

function buildMatrix() {
  if (groups.length > 0) return;
  // Rows out of sight may be missing from what a browser tells of the page; these say that they exist.
  matrix.setAttribute('aria-rowcount', String(requirements.length + 2));
  matrix.setAttribute('aria-colcount', String(columns.length + 1));
  matrix.append(buildHead());
  const byName = Map.groupBy
    ? Map.groupBy(requirements.keys(), (row) => requirements[row].name)
    : requirements.reduce((map, it, row) =>
      map.set(it.name, [...(map.get(it.name) ?? []), row]), new Map());
  for (const [name, members] of byName) {
    const group = element('div', { role: 'rowgroup', class: 'group unfilled' });
    group.style.setProperty('--rows', members.length);
    group.append(element('div', { role: 'row', class: 'name' },
      element('div', { role: 'rowheader' }, name)));
    groups.push({ element: group, rows: members, isFilled: false });
  }
  // About a screen of rows; to ask how much that is would cost a layout.
  fillWhile((filled) => filled < 24);
  for (const group of groups) group.element.classList.add(group.isFilled ? 'early' : 'away');
  showFarGroupsLater();
  matrix.append(...groups.map((group) => group.element));
  makeCurrent(cells[groups[0]?.rows[0]]?.[0]);
}

// What is in sight at first is there at once. All the rest follows in slices that hold up nobody, or as
// soon as something asks for it.
function fillWhile(goesOn) {
  let filled = 0;
  for (const group of groups) {
    if (group.isFilled) continue;
    if (!goesOn(filled)) return;
    group.isFilled = true;
    filled += group.rows.length;
    group.element.append(...group.rows.map((row) => buildRow(requirements[row], row)));
    group.element.classList.remove('unfilled');
  }
  if (performance.getEntriesByName('complete').length > 0) return;
  performance.mark('complete');
  document.dispatchEvent(new Event('complete'));
}

const onceDrawn = (action) => requestAnimationFrame(() => requestAnimationFrame(action));

// A browser that draws a group for the first time lays it out, though it be out of sight.
function showFarGroupsLater() {
  onceDrawn(() => {
    for (const group of groups) group.element.classList.remove('away');
  });
}

function complete() {
  buildMatrix();
  fillWhile(() => true);
}

function completeInSlices() {
  const begin = performance.now();
  fillWhile(() => performance.now() - begin < 8);
  if (groups.some((group) => !group.isFilled)) setTimeout(completeInSlices);
}

function makeCurrent(cell) {
  if (current) current.tabIndex = -1;
  current = cell ?? null;
  if (current) current.tabIndex = 0;
}

// A group out of sight has no boxes to scroll to or to focus, if filters.js has set it aside.
function reveal(cell) {
  cell.closest('.group').classList.remove('away');
}

function focusCell(cell) {
  makeCurrent(cell);
  reveal(cell);
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

// The rows that can be seen, from the top.
const order = () => groups.flatMap((group) => group.rows).filter((row) => !rows[row].hidden);

function move(event) {
  const place = event.target.place;
  if (!place || event.altKey || event.metaKey) return;
  complete();
  const shown = order();
  const at = shown.indexOf(place.row);
  const last = columns.length - 1;
  const to = (index, column) => {
    const row = shown[Math.max(0, Math.min(shown.length - 1, index))];
    focusCell(cells[row][Math.max(0, Math.min(last, column))]);
  };
  const keys = {
    ArrowDown: () => to(at + 1, place.column),
    ArrowUp: () => to(at - 1, place.column),
    ArrowRight: () => to(at, place.column + 1),
    ArrowLeft: () => to(at, place.column - 1),
    PageDown: () => to(at + 12, place.column),
    PageUp: () => to(at - 12, place.column),
    Home: () => to(event.ctrlKey ? 0 : at, 0),
    End: () => to(event.ctrlKey ? shown.length - 1 : at, last),
    Enter: () => openPanel(place),
    ' ': () => openPanel(place),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

matrix.addEventListener('keydown', move);
matrix.addEventListener('click', (event) => {
  const cell = event.target.closest('.cell');
  if (cell) {
    focusCell(cell);
    openPanel(cell.place);
  }
});
matrix.addEventListener('focusin', (event) => {
  if (event.target.place) makeCurrent(event.target);
});
