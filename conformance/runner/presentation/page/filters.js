// Which rows are shown.

const inputs = Object.fromEntries(['text', 'name', 'level', 'kind', 'rows'].map((name) =>
  [name, document.getElementById(`filter-${name}`)]));
const verdictButtons = document.getElementById('filter-verdicts');
const pressed = new Set();

const differs = (row, among) => new Set(among.map((column) => columns[column].verdicts[row])
  .filter((letter) => letter !== '-')).size > 1;
const all = [...columns.keys()];

// The columns of an implementation and variant: its backends.
const pairs = Object.values(Object.groupBy
  ? Object.groupBy(all, (column) => `${columns[column].implementation} ${columns[column].variant}`)
  : all.reduce((map, column) => {
    const key = `${columns[column].implementation} ${columns[column].variant}`;
    (map[key] ??= []).push(column);
    return map;
  }, {}));

const rowKinds = {
  'not-passing': ['not passing everywhere', (row) =>
    all.some((column) => !['pass', undefined].includes(verdictAt(row, column)))],
  'differing': ['columns differ', (row) => differs(row, all)],
  'backends': ['backends differ', (row) => pairs.some((pair) => differs(row, pair))],
  'surviving': ['mutants survive', (row) => data.mutants.surviving.includes(row)],
  'changed': ['changed since the earlier run', (row) => all.some((column) => hasChanged(row, column))],
};

// What the search looks at, once for each row.
let searchedTexts = null;
const searched = (row) => (searchedTexts ??= requirements.map((it) =>
  [it.id, it.name, it.text, it.lookAt ?? '', ...(it.tests ?? [])].join('\n').toLowerCase()))[row];

function buildFilters() {
  for (const name of ['name', 'level', 'kind']) {
    for (const value of [...new Set(requirements.map((it) => it[name]))])
      inputs[name].append(element('option', { value }, value.replace('_', ' ')));
  }
  for (const [value, [text]] of Object.entries(rowKinds)) {
    if (value === 'changed' && !data.hasEarlier) continue;
    if (value === 'surviving' && !data.mutants) continue;
    inputs.rows.append(element('option', { value }, text));
  }
  // The worst first.
  for (const verdict of [...data.verdicts].reverse()) {
    const count = columns.reduce((sum, column) => sum + (countsOf(column).get(verdict) ?? 0), 0);
    if (count === 0) continue;
    const button = element('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false' },
      chip(verdict), ' ', element('span', { class: 'count' }, String(count)));
    button.dataset.verdict = verdict;
    button.addEventListener('click', () => {
      if (!pressed.delete(verdict)) pressed.add(verdict);
      filter();
    });
    verdictButtons.append(button);
  }
}

// Groups that were in sight when few rows were shown count as in sight until the next frame is drawn, and
// all would be laid out at once. So those that go far away now are set aside for that frame.
function deferFarGroups(top) {
  const height = matchMedia('(max-width: 42rem)').matches ? 100 : 28;
  for (const group of groups) {
    const begin = top + group.before * height;
    group.element.classList.toggle('away', begin > 2 * innerHeight || begin + group.count * height < -innerHeight);
  }
  showFarGroupsLater();
}

function tellShown(shown) {
  document.getElementById('shown').textContent = shown === requirements.length
    ? `${shown} requirements` : `${shown} of ${requirements.length} requirements`;
  document.getElementById('nothing').hidden = shown > 0;
}

function filter() {
  complete();
  const words = inputs.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (row) => {
    const it = requirements[row];
    return (!inputs.name.value || it.name === inputs.name.value) &&
      (!inputs.level.value || it.level === inputs.level.value) &&
      (!inputs.kind.value || it.kind === inputs.kind.value) &&
      words.every((word) => searched(row).includes(word)) &&
      (!inputs.rows.value || rowKinds[inputs.rows.value][1](row)) &&
      (pressed.size === 0 || all.some((column) => pressed.has(verdictAt(row, column))));
  };
  // Measured before anything changes: afterwards it would cost a layout.
  const top = matrix.getBoundingClientRect().top;
  let shown = 0;
  for (const group of groups) {
    let inGroup = 0;
    for (const row of group.rows) {
      const isShown = matches(row);
      if (rows[row].hidden === isShown) rows[row].hidden = !isShown;
      if (isShown) ++inGroup;
    }
    group.element.classList.toggle('empty', inGroup === 0);
    if (inGroup > 0) group.element.style.setProperty('--rows', inGroup);
    group.before = shown;
    group.count = inGroup;
    shown += inGroup;
  }
  deferFarGroups(top);
  for (const button of verdictButtons.children)
    button.setAttribute('aria-pressed', String(pressed.has(button.dataset.verdict)));
  tellShown(shown);
  if (!current || rows[current.place.row].hidden) {
    const [first] = order();
    makeCurrent(first === undefined ? null : cells[first][current?.place.column ?? 0]);
  }
  remember();
}

// Filters and the open cell are in the address, so that a link leads to what one sees.
function remember() {
  const parameters = new URLSearchParams();
  for (const [name, input] of Object.entries(inputs)) if (input.value) parameters.set(name, input.value);
  if (pressed.size > 0) parameters.set('verdicts', [...pressed].join(','));
  if (opened) parameters.set('cell', `${requirements[opened.row].id},${opened.column}`);
  const hash = parameters.toString();
  if (hash !== location.hash.slice(1)) history.replaceState(null, '', hash ? `#${hash}` : location.pathname);
}

function recall() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  for (const [name, input] of Object.entries(inputs)) {
    input.value = parameters.get(name) ?? '';
    if (input.selectedIndex === -1) input.value = '';
  }
  pressed.clear();
  for (const verdict of (parameters.get('verdicts') ?? '').split(','))
    if (data.verdicts.includes(verdict)) pressed.add(verdict);
  const [id, column] = (parameters.get('cell') ?? '').split(',');
  const row = requirements.findIndex((it) => it.id === id);
  filter();
  if (row >= 0 && columns[column]) openPanel({ row, column: Number(column) });
}
