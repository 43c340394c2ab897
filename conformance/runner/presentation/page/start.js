// The summary on top, and what listens to the whole page.

// By column: how many of each verdict, as far as there are any.
const counted = new Map();
function countsOf(column) {
  if (!counted.has(column)) {
    const counts = data.verdicts.map(() => 0);
    for (const row of requirements.keys()) {
      const number = numberOf(column.verdicts, row);
      if (number >= 0) ++counts[number];
    }
    counted.set(column, new Map(data.verdicts.map((verdict, number) => [verdict, counts[number]])
      .filter(([, count]) => count > 0)));
  }
  return counted.get(column);
}

function bar(column) {
  const counts = countsOf(column);
  const line = element('div', { class: 'parts', 'aria-hidden': 'true' });
  for (const [verdict, count] of counts) {
    const part = element('span', { class: classOf(verdict) });
    part.style.flexGrow = count;
    line.append(part);
  }
  // Words where there is room for them, else marks; the filter below says what they mean.
  const isBrief = columns.length > 4;
  const words = [...counts].map(([verdict, count]) => isBrief
    ? element('span', { title: `${count} ${verdict}`, role: 'img', 'aria-label': `${count} ${verdict}` },
      element('span', { class: `chip ${classOf(verdict)}` }, element('span', { class: 'glyph' }, glyphs[verdict])), ` ${count}`)
    : element('span', {}, `${count} ${verdict}`));
  return element('div', { class: 'place' }, element('span', { class: 'where' }, placeOf(column)), line,
    element('span', { class: 'counts' }, ...words));
}

function comparisonText(comparison) {
  const where = comparison.variant && implementations.some((it) => it.comparisons.length > 1)
    ? `${comparison.variant}: ` : '';
  const missing = comparison.notCompared > 0 ? `, ${comparison.notCompared} not compared` : '';
  return comparison.differing === 0 ? `${where}backends agree on ${comparison.agreeing}${missing}`
    : `${where}backends differ on ${comparison.differing}, agree on ${comparison.agreeing}${missing}`;
}

function buildSummary() {
  if (hasVariants) document.documentElement.style.setProperty('--where', '10.5rem');
  const list = document.getElementById('implementations');
  implementations.forEach((it, number) => {
    const entry = element('article', { class: 'implementation-entry' },
      element('h3', {}, it.name, ' ', element('small', {}, [it.version, it.language].filter(Boolean).join(' · '))),
      element('p', { class: `conclusion exit-${it.exit}` }, it.conclusion));
    const places = element('div', { class: 'places' });
    for (const column of columns) if (column.implementation === number) places.append(bar(column));
    entry.append(places);
    const notes = element('ul', { class: 'notes' });
    for (const comparison of it.comparisons) notes.append(element('li', {}, comparisonText(comparison)));
    for (const problem of it.problems) notes.append(element('li', { class: 'problem' }, problem));
    if (notes.children.length > 0) entry.append(notes);
    list.append(entry);
  });
  const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
  document.getElementById('headline').textContent =
    `${count(requirements.length, 'requirement')} · ${count(implementations.length, 'implementation')} · suite ${data.suite}` +
    (columns[0]?.variant && !hasVariants ? ` · variant ${columns[0].variant}` : '') +
    (data.mutants ? ` · ${data.mutants.killed} of ${data.mutants.all} mutants of the reference found` : '');
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && opened) {
    event.preventDefault();
    closePanel();
  } else if (event.key === '/' && !event.target.matches('input, select')) {
    event.preventDefault();
    inputs.text.focus();
    inputs.text.select();
  }
});
const form = document.getElementById('filters');
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', filter);
form.addEventListener('reset', (event) => {
  // Which would empty the fields after this event, too late for the filter.
  event.preventDefault();
  for (const input of Object.values(inputs)) input.value = '';
  pressed.clear();
  filter();
});
window.addEventListener('hashchange', recall);

// How every implementation did is drawn without waiting for the rows. They follow in the next frame, or
// as soon as something asks for them.
shapePage();
buildSummary();
buildFilters();
tellShown(requirements.length);
performance.mark('summary');
function showRows() {
  buildMatrix();
  onceDrawn(() => performance.mark('drawn'));
  completeInSlices();
}
if (location.hash.length > 1) recall();
// Who is hidden draws no frames.
if (document.visibilityState === 'hidden') showRows();
else requestAnimationFrame(() => setTimeout(showRows));
