// What a cell has to say: requirement, verdict, reason, drawing, history, scenario, and the command
// that runs it again.

const panel = document.getElementById('panel');
let opened = null; // the place whose panel is open

// What stands at the end of the page.
function parsed(id) {
  const found = document.getElementById(id);
  // It may be on its way still; the panel is made again when all has come.
  if (!found && document.readyState === 'loading') document.addEventListener('DOMContentLoaded', reopen, { once: true });
  return found ? JSON.parse(found.textContent) : undefined;
}

const findingAt = ({ row, column }) => parsed(`finding-${row}-${column}`) ?? {};

let mutants; // by row, once somebody has asked
const mutantsOf = (row, backend) => data.mutants
  ? ((mutants ??= parsed('mutants'))?.[row] ?? []).filter(([, itsBackend]) => itsBackend === backend) : [];

function reopen() {
  if (opened) openPanel(opened);
}

function section(title, ...content) {
  return element('section', {}, element('h3', {}, title), ...content);
}

// Scrolls sideways by itself, so that it must be reachable without a mouse.
function preformatted(text, label) {
  return element('pre', { tabIndex: 0, role: 'region', 'aria-label': label }, text);
}

function commandSection(command) {
  const text = preformatted(command, 'Command');
  text.className = 'command';
  const button = element('button', { type: 'button', class: 'copy' }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(command);
      button.textContent = 'Copied';
    } catch {
      // Not every browser lets a page from a disk do that: then it is one key away.
      getSelection().selectAllChildren(text);
      button.textContent = 'Selected';
    }
  });
  return section('To run it again', button, text);
}

function drawingOf(drawing) {
  // As an image nothing in it can run, or load anything.
  const image = element('img', { alt: 'Drawing of the history that follows as text' });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  const box = element('div', { class: 'drawing', tabIndex: 0, role: 'region', 'aria-label': 'Drawing' }, image);
  // What nothing explains is mostly at the right end.
  const marked = /class="bad[^"]*"><title>[^<]*<\/title><rect x="([\d.]+)"/.exec(drawing);
  if (marked) image.addEventListener('load', () => { box.scrollLeft = Number(marked[1]) - box.clientWidth / 2; });
  return box;
}

const openAtFirst = new Set(['Scenario', 'What happened']);

function findingSections(finding) {
  const parts = [];
  if (finding.explanation) parts.push(section('Explanation', preformatted(finding.explanation, 'Explanation')));
  const texts = new Map(finding.sections ?? []);
  const happened = texts.get('What happened');
  if (finding.drawing || happened) {
    const part = section('What happened');
    if (finding.drawing) part.append(drawingOf(finding.drawing));
    if (happened) part.append(preformatted(happened, 'What happened'));
    parts.push(part);
  }
  if (texts.has('Scenario'))
    parts.push(section('Scenario', preformatted(texts.get('Scenario'), 'Scenario')));
  if (finding.outcomes) parts.push(section('Outcomes', preformatted(finding.outcomes, 'Outcomes')));
  if (finding.command) parts.push(commandSection(finding.command));
  for (const [heading, text] of texts) {
    if (openAtFirst.has(heading)) continue;
    parts.push(element('details', {}, element('summary', {}, heading), preformatted(text, heading)));
  }
  return parts;
}

function testsSection(requirement, verdict, finding) {
  const list = element('ul', { class: 'tests' });
  if (finding.test) list.append(element('li', {}, chip(verdict), ' ', element('code', {}, finding.test)));
  for (const [test, itsVerdict, reason] of finding.others ?? [])
    list.append(element('li', {}, chip(itsVerdict), ' ', element('code', {}, test), reason ? ` ${reason}` : ''));
  if (list.children.length === 0) {
    for (const test of requirement.tests ?? []) list.append(element('li', {}, element('code', {}, test)));
  }
  return list.children.length > 0 ? section('Tests', list) : '';
}

function mutantItem([name, , , found, runs, soonest]) {
  const times = runs === 1 ? '' : ` in ${found} of ${runs} runs`;
  return element('li', {}, element('code', {}, name), found === 0 ? ' survives' : ` found${times}, after ${soonest} s`);
}

function mutantsSection(row, backend) {
  const all = mutantsOf(row, backend);
  const list = (itMust) => element('ul', { class: 'tests' },
    ...all.filter(([, , must]) => must === itMust).map(mutantItem));
  const own = list(true);
  const others = list(false);
  if (own.children.length + others.children.length === 0) return '';
  const made = own.children.length > 0
    ? section('Mutants of the reference that break it', own) : section('Mutants of the reference');
  if (others.children.length > 0)
    made.append(element('details', {}, element('summary', {}, 'Other mutants that fail its tests'), others));
  return made;
}

function elsewhere(place) {
  const list = element('ul', { class: 'elsewhere' });
  columns.forEach((column, number) => {
    if (number === place.column) return;
    const button = element('button', { type: 'button' }, chip(verdictAt(place.row, number)),
      element('span', {}, titleOf(column)));
    button.addEventListener('click', () => openPanel({ row: place.row, column: number }));
    list.append(element('li', {}, button));
  });
  return list.children.length > 0 ? section('The same requirement elsewhere', list) : '';
}

// The next visible cell, row by row, that does not pass.
function neighbour(place, step) {
  const shown = order();
  const total = shown.length * columns.length;
  const start = Math.max(0, shown.indexOf(place.row)) * columns.length + place.column;
  for (let i = 1; i < total; ++i) {
    const at = (start + step * i + total * i) % total;
    const found = { row: shown[Math.floor(at / columns.length)], column: at % columns.length };
    const verdict = verdictAt(found.row, found.column);
    if (verdict !== undefined && verdict !== 'pass') return found;
  }
  return null;
}

function toolbar(place) {
  const bar = element('div', { class: 'bar' });
  for (const [step, text, label] of [[-1, '←', 'Previous that does not pass'], [1, '→', 'Next that does not pass']]) {
    const button = element('button', { type: 'button', title: label, 'aria-label': label }, text);
    button.addEventListener('click', () => {
      const found = neighbour(place, step);
      if (!found) return;
      openPanel(found);
      panel.querySelectorAll('.bar button')[step < 0 ? 0 : 1].focus();
    });
    bar.append(button);
  }
  const close = element('button', { type: 'button', class: 'close', title: 'Close (Escape)', 'aria-label': 'Close' }, '×');
  close.addEventListener('click', closePanel);
  bar.append(close);
  return bar;
}

function openPanel(place) {
  complete();
  const requirement = requirements[place.row];
  const column = columns[place.column];
  const verdict = verdictAt(place.row, place.column);
  const finding = findingAt(place);
  cells.at(opened?.row ?? place.row)[opened?.column ?? place.column].classList.remove('opened');
  opened = place;
  const cell = cells[place.row][place.column];
  cell.classList.add('opened');
  makeCurrent(cell);
  reveal(cell);

  const head = element('header', {}, toolbar(place),
    element('h2', { id: 'panel-title', tabIndex: -1 }, requirement.id,
      element('span', {}, ` ${titleOf(column)}`)),
    element('p', { class: 'facts' }, `${requirement.name} · ${requirement.level} · ${requirement.kind.replace('_', ' ')}`));
  const body = element('div', { class: 'body' }, element('p', { class: 'requirement-text' }, requirement.text),
    element('p', { class: 'verdict' }, chip(verdict),
      hasChanged(place.row, place.column) ? element('span', { class: 'earlier' }, ' earlier ',
        chip(earlierAt(place.row, place.column))) : ''));
  if (finding.reason) body.append(element('p', { class: 'reason' }, finding.reason));
  if (verdict !== 'pass' && finding.command && requirement.lookAt)
    body.append(element('p', { class: 'look-at' }, element('b', {}, 'Look at: '), requirement.lookAt));
  body.append(...findingSections(finding), testsSection(requirement, verdict, finding),
    mutantsSection(place.row, column.backend), elsewhere(place));
  if (finding.report)
    body.append(element('p', { class: 'origin' }, `From ${finding.report}, seed ${finding.seed}`));
  panel.replaceChildren(head, body);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add('with-panel');
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  document.getElementById('panel-title').focus({ preventScroll: true });
  remember();
}

function closePanel() {
  if (!opened) return;
  const cell = cells[opened.row][opened.column];
  cell.classList.remove('opened');
  opened = null;
  panel.hidden = true;
  document.body.classList.remove('with-panel');
  if (!rows[cell.place.row].hidden) focusCell(cell);
  remember();
}
